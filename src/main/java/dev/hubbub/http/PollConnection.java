package dev.hubbub.http;

import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The connection of a client that polls. Each event has a number in its session and is kept until a poll confirms it, because a
 * response can be lost. While 64 KB are unconfirmed, further events wait in the outbox, whose limits close a client that does not
 * confirm. So at most two batches of the outbox are kept here, each of at most 64 KB or one event.
 */
final class PollConnection extends HttpConnection {
    /** A response has at most this many characters, or one event. */
    private static final int MAX_RESPONSE = 64 * 1024;

    // Guarded by this.
    private final Deque<NumberedFrame> unconfirmed = new ArrayDeque<>(1);
    private long unconfirmedBytes;
    private long number;
    /** The completion of the last frame, delayed until the next poll if less than 64 KB are unconfirmed then; the outbox waits. */
    private Sent delayed;

    private Poll waiting;
    private boolean closed;
    /** The client has polled once. */
    private boolean polled;
    /** See the constructor; null once it was called. */
    private Runnable whenEstablished;

    /** @param whenEstablished called once, when the client has polled a second time or the session has ended; does not block */
    PollConnection(Runnable whenEstablished) {
        this.whenEstablished = whenEstablished;
    }

    /**
     * The session is no longer counted among those that are not established: its client has polled a second time, or the session
     * has ended. Called with the lock.
     */
    private void establish() {
        if (whenEstablished != null) {
            whenEstablished.run();
            whenEstablished = null;
        }
    }

    private record NumberedFrame(long number, Frame frame) {}

    @Override
    public String transport() {
        return "polling";
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        Poll responding = null;
        String events = null;
        synchronized (this) {
            if (frame.kind() != Frame.Kind.PING) {
                unconfirmed.add(new NumberedFrame(++number, frame));
                unconfirmedBytes += frame.size();
                if (!more) {
                    if (waiting == null) {
                        delayed = sent;
                        return;
                    }
                    responding = waiting;
                    waiting = null;
                    events = nextEvents();
                }
            } else if (waiting != null) {
                heard(); // a client that waits is alive
            }
        }
        if (responding != null) {
            responding.respond(events);
        }
        sent.sent(null);
    }

    /**
     * Responds to the poll now or later.
     *
     * @param after the number of the last event that the client has received
     */
    void poll(Poll poll, long after) {
        heard();
        Poll earlier;
        Sent next = null;
        synchronized (this) {
            if (polled) {
                establish();
            }
            polled = true;
            while (!unconfirmed.isEmpty() && unconfirmed.peek().number <= after) {
                unconfirmedBytes -= unconfirmed.remove().frame.size();
            }
            earlier = waiting;
            waiting = null;
            if (unconfirmedBytes < MAX_RESPONSE) {
                next = delayed;
                delayed = null;
            }
        }
        if (earlier != null) {
            earlier.respond("[]"); // a client that polls again has abandoned its first poll
        }
        if (next != null) {
            next.sent(null); // the outbox calls send() for the frames that wait
        }
        String events;
        synchronized (this) {
            if (unconfirmed.isEmpty() && !closed) {
                waiting = poll;
                return;
            }
            events = nextEvents();
        }
        poll.respond(events);
    }

    /** The poll has waited for its maximum time. */
    void timedOut(Poll poll) {
        ended(poll);
        poll.respond("[]");
        heard();
    }

    /** The poll has ended and gets no events. */
    synchronized void ended(Poll poll) {
        if (waiting == poll) {
            waiting = null;
        }
    }

    @Override
    public void close(int code, String reason) {
        Poll responding;
        String events;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            establish();
            String close = EventEncoder.envelope("close", Map.of("code", code, "reason", reason), null);
            Frame frame = Frame.text(close);
            unconfirmed.add(new NumberedFrame(++number, frame));
            unconfirmedBytes += frame.size();
            responding = waiting;
            waiting = null;
            events = nextEvents();
        }
        if (responding != null) {
            responding.respond(events);
        }
    }

    /** The first unconfirmed events, as a JSON array. Called with the lock. */
    private String nextEvents() {
        StringBuilder to = new StringBuilder("[");
        for (NumberedFrame event : unconfirmed) {
            int start = to.length();
            to.append(start > 1 ? ",\n" : "");
            append(to, event.frame);
            to.setLength(to.length() - 1); // the closing brace
            to.append(",\"n\":").append(event.number).append('}');
            if (start > 1 && to.length() > MAX_RESPONSE) {
                to.setLength(start);
                break;
            }
        }
        return to.append(']').toString();
    }

    /** Appends an event as JSON. Its attachments become the member {@code attachment} in Base64. */
    static void append(StringBuilder to, Frame frame) {
        if (frame.kind() == Frame.Kind.TEXT) {
            to.append(frame.text());
            return;
        }
        List<String> attachments = Requests.base64(EventDecoder.event(frame.payload()));
        to.append(frame.envelope());
        to.setLength(to.length() - 1);
        to.append(",\"attachment\":");
        Json.write(to, attachments.size() == 1 ? attachments.get(0) : attachments);
        to.append('}');
    }
}
