package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What waits for one client's socket: in order, bounded, with a single writer.
 *
 * <p>Whoever emits adds a frame and goes on; the lock is held for that long and never while writing. The first frame
 * that finds nobody writing makes its thread responsible for a writer ({@link #add} returns true). The writer sends one
 * frame after another until nothing waits, and tells the connection when more are to come, so that those which wait can
 * travel together.
 *
 * <p>A full outbox is this reader's problem, never the room's: it ends the connection with 1013.
 */
final class Outbox extends SendLoop {
    /** Bytes sent together: enough that many frames share a system call, little enough to be copied within the cache. */
    private static final int MAX_TOGETHER = 64 * 1024;

    private final Connection connection;
    private final Limits limits;
    private final Counters counters;
    private final Owner owner;

    // Guarded by this; "more" is also read by the one writer, who wrote it.
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>(4);
    /** Of each key that waits, what will be sent in the place of the frame that waits; null until there is one. */
    private Map<String, Frame> newest;

    private long bytes;
    private int together;
    private boolean more;
    private boolean writing;
    private boolean closed;
    private Runnable whenEmpty;

    /** When the send that is under way began; what waits behind it is younger. Meaningless while nothing is sent. */
    private volatile long sendingSince;

    /** Bounds of each outbox. */
    record Limits(int events, long bytes) {}

    /** Whose outbox it is. */
    interface Owner {
        /** Called once, on the thread that added one too many; must not block. */
        void outboxFull();

        /** Called once; the socket takes no more. */
        void outboxFailed(Throwable failure);
    }

    Outbox(Connection connection, Limits limits, Counters counters, Owner owner) {
        this.connection = connection;
        this.limits = limits;
        this.counters = counters;
        this.owner = owner;
    }

    /**
     * Never blocks for a socket.
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
            // One frame alone may always wait, else a frame over the bound could never be sent.
            if (waiting.size() < limits.events && (waiting.isEmpty() || bytes + frame.size() <= limits.bytes)) {
                waiting.add(frame);
                bytes += frame.size();
                if (frame.delivery().key() != null) {
                    newest = newest == null ? new HashMap<>() : newest;
                    newest.put(frame.delivery().key(), frame);
                }
                boolean due = !writing;
                writing = true;
                return due;
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

    /** Whether an older frame of the same key waits, in whose place this one goes out. Called with the lock. */
    private boolean replaces(Frame frame) {
        String key = frame.delivery().key();
        Frame before = key == null || newest == null ? null : newest.replace(key, frame);
        if (before == null) {
            return false;
        }
        bytes += frame.size() - before.size();
        counters.replaced().increment();
        return true;
    }

    /** Drops what waits and takes no more. */
    synchronized void end() {
        closed = true;
        waiting.clear();
        newest = null;
        bytes = 0;
    }

    /**
     * Takes no more; what waits is still sent, then the action runs, on whichever thread is the last writer or on this.
     */
    void endAfterSending(Runnable action) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            whenEmpty = action;
            if (writing) {
                return;
            }
            writing = true;
        }
        run();
    }

    /** Whether a send has been under way for longer than this: the reader has stopped, even if little waits for it. */
    boolean isStuck(long now, long nanos) {
        return isSending() && now - sendingSince > nanos;
    }

    synchronized int size() {
        return waiting.size();
    }

    @Override
    protected boolean sendNext() {
        Frame frame = next();
        if (frame != null) {
            sendingSince = System.nanoTime();
            connection.send(frame, more, this);
        }
        return frame != null;
    }

    @Override
    protected boolean goesOn(Throwable problem) {
        if (problem != null) {
            end();
            owner.outboxFailed(problem);
        }
        return problem == null;
    }

    private Frame next() {
        Runnable last;
        synchronized (this) {
            Frame frame = waiting.poll();
            if (frame != null) {
                if (frame.delivery().key() != null) {
                    frame = newest.remove(frame.delivery().key());
                }
                bytes -= frame.size();
                together += frame.size();
                more = !waiting.isEmpty() && together + waiting.peek().size() <= MAX_TOGETHER;
                if (!more) {
                    together = 0;
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
