package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The frames that wait for one client's socket: in order, bounded, with a single writer.
 *
 * <p>A thread that emits adds a frame and moves on; it holds the lock only for that, never while writing. The first frame that
 * finds nobody writing makes its thread responsible for a writer ({@link #add} returns true). The writer sends one frame after
 * another until none waits, and tells the connection when more are to come, so that those which wait travel together.
 *
 * <p>A full outbox is the slow reader's problem, never the room's: the connection is closed with 1013.
 */
final class Outbox extends SendLoop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Bytes sent together: enough that many frames share a system call, few enough to be copied within the cache. */
    static final int MAX_JOINED = 64 * 1024;

    /**
     * A send that took at least this long and then completed shows that the client reads, if slowly. A shorter one may only
     * have reached the kernel's buffer, which takes bytes for clients that are long gone.
     */
    private static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Connection connection;
    private final Limits limits;
    private final Counters counters;
    /** Null if nobody wants to know. */
    private final Durations deliveries;

    private final Owner owner;

    // Guarded by this; "more" is also read by the one writer, which wrote it.
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>(4);
    /** For each key that waits, the frame to be sent in place of the waiting one; null until there is one. */
    private Map<String, Frame> newest;

    private long bytes;
    private int joined;
    private long sentFrames;
    private long sentBytes;
    private boolean more;
    private boolean pingDue;
    private boolean writing;
    private boolean closed;
    private Runnable whenEmpty;

    /** When the oldest event that is being sent was published. Meaningless while nothing is sent. */
    private volatile long oldestSending;

    private volatile long sendingSince;

    /** Bounds of each outbox. */
    record Limits(int events, long bytes) {}

    /**
     * What a connection has been given.
     *
     * @param bytes without the framing of the transport
     */
    public record Total(long frames, long bytes) {}

    /** The client whose outbox it is. */
    interface Owner {
        /** Called once, by the thread that added one frame too many, perhaps with a room's lock; must not block. */
        void outboxFull();

        /** Called once; the socket failed. */
        void outboxFailed(Throwable failure);

        /** A ping has been handed to the socket. */
        void pingSent();

        /** The socket takes bytes again after it had taken none for a while. */
        void progressed();
    }

    Outbox(Connection connection, Limits limits, Counters counters, Owner owner) {
        this.connection = connection;
        this.limits = limits;
        this.counters = counters;
        deliveries = counters.deliveries();
        this.owner = owner;
    }

    /**
     * Never waits for a socket.
     *
     * @return true if the caller must see to it that {@link #run} is called, once
     */
    boolean add(Frame frame) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            if (replaces(frame)) {
                return false;
            }
            // A single frame may always wait, otherwise a frame over the limit could never be sent.
            if (waiting.size() < limits.events && (waiting.isEmpty() || bytes + frame.size() <= limits.bytes)) {
                waiting.add(frame);
                bytes += frame.size();
                if (frame.delivery().key() != null) {
                    newest = newest == null ? new HashMap<>() : newest;
                    newest.put(frame.delivery().key(), frame);
                }
                return startsWriting();
            }
            if (frame.delivery().droppable()) {
                counters.dropped().increment();
                return false;
            }
            end();
        }
        counters.closedAsTooSlow().increment();
        owner.outboxFull();
        return false;
    }

    /** Sends a ping before everything that waits. @return as {@link #add} */
    synchronized boolean ping() {
        if (closed) {
            return false;
        }
        pingDue = true;
        return startsWriting();
    }

    private boolean startsWriting() {
        boolean starts = !writing;
        writing = true;
        return starts;
    }

    /**
     * Whether an older frame with the same key waits, in whose place this one will be sent. If it is too large for that, the
     * older one remains. Called with the lock.
     */
    private boolean replaces(Frame frame) {
        String key = frame.delivery().key();
        Frame older = key == null || newest == null ? null : newest.get(key);
        if (older == null) {
            return false;
        }
        long after = bytes - older.size() + frame.size();
        if (after > limits.bytes && waiting.size() > 1) {
            counters.dropped().increment();
            return true;
        }
        newest.put(key, frame);
        bytes = after;
        counters.replaced().increment();
        return true;
    }

    /** Discards what waits and takes no more. */
    synchronized void end() {
        closed = true;
        pingDue = false;
        waiting.clear();
        newest = null;
        bytes = 0;
    }

    /** Takes no more; after what waits has been sent, the action runs on the thread of the last writer or on this one. */
    void endAfterSending(Runnable action) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            whenEmpty = action;
            if (!startsWriting()) {
                return;
            }
        }
        run();
    }

    /**
     * Does what {@link #add} made the caller responsible for. The failure of one connection, even of a class of its container, must
     * not leave those that the caller is to write next unwritten.
     */
    void write() {
        try {
            run();
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            LOG.log(System.Logger.Level.ERROR, "Writing to a client failed", e);
        }
    }

    /** Whether the oldest event that has not been sent was published longer ago than this. */
    boolean isOverdue(long now, long nanos) {
        if (isSending() && now - oldestSending > nanos) {
            return true;
        }
        synchronized (this) {
            Frame oldest = waiting.peek();
            if (oldest == null) {
                return false;
            }
            Frame replacement = oldest.delivery().key() == null
                    ? null
                    : newest.get(oldest.delivery().key());
            return now - (replacement == null ? oldest : replacement).createdAt() > nanos;
        }
    }

    /** Whether it takes no more. */
    synchronized boolean isClosed() {
        return closed;
    }

    synchronized boolean isPingDue() {
        return pingDue;
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** What has been handed to the connection so far, pings excluded. */
    synchronized Total total() {
        return new Total(sentFrames, sentBytes);
    }

    @Override
    protected boolean sendNext() {
        Frame frame = next();
        if (frame == null) {
            return false;
        }
        sendingSince = System.nanoTime();
        if (frame == Frame.PING) {
            owner.pingSent();
        } else if (deliveries != null) {
            deliveries.record(sendingSince - frame.createdAt());
        }
        connection.send(frame, more, this);
        return true;
    }

    @Override
    protected void completedLate() {
        if (System.nanoTime() - sendingSince >= BLOCKED_NANOS) {
            owner.progressed();
        }
    }

    @Override
    protected boolean continues(Throwable problem) {
        if (problem != null) {
            end();
            owner.outboxFailed(problem);
        }
        return problem == null;
    }

    private Frame next() {
        Runnable last;
        synchronized (this) {
            Frame frame = pingDue ? Frame.PING : waiting.poll();
            if (frame != null) {
                boolean first = joined == 0;
                if (pingDue) {
                    pingDue = false;
                    if (first) {
                        oldestSending = System.nanoTime();
                    }
                } else {
                    if (frame.delivery().key() != null) {
                        frame = newest.remove(frame.delivery().key());
                    }
                    bytes -= frame.size();
                    joined += frame.size();
                    sentFrames++;
                    sentBytes += frame.size();
                    if (first) {
                        oldestSending = frame.createdAt();
                    }
                }
                more = !waiting.isEmpty() && joined + waiting.peek().size() <= MAX_JOINED;
                if (!more) {
                    joined = 0;
                }
                return frame;
            }
            writing = false;
            last = whenEmpty;
            whenEmpty = null;
        }
        if (last != null) {
            last.run();
        }
        return null;
    }
}
