package dev.hubbub.http;

import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that asks again and again. Each event has a number in its session, and is kept until a poll says that it has
 * arrived, for an answer can be lost on its way. Between polls events wait in the outbox, with its bounds.
 */
final class PollConnection extends HttpConnection {
    // Guarded by this.
    private final Deque<Numbered> unconfirmed = new ArrayDeque<>(1);
    private long number;
    /** The outbox waits for a poll. */
    private Sent held;

    private Poll waiting;
    private boolean closed;
    private boolean begun;
    /** Counts the sessions that have not yet polled again; null once this one has. */
    private AtomicInteger unsettled;

    PollConnection(AtomicInteger unsettled) {
        this.unsettled = unsettled;
        unsettled.incrementAndGet();
    }

    /** Called with the lock. */
    private void settle() {
        if (unsettled != null) {
            unsettled.decrementAndGet();
            unsettled = null;
        }
    }

    private record Numbered(long number, Frame frame) {}

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        Poll answered = null;
        String events = null;
        synchronized (this) {
            if (frame.kind() != Frame.Kind.PING) {
                unconfirmed.add(new Numbered(++number, frame));
                if (!more) {
                    if (waiting == null) {
                        held = sent;
                        return;
                    }
                    answered = waiting;
                    waiting = null;
                    events = events();
                }
            } else if (waiting != null) {
                heard(); // who waits is there
            }
        }
        if (answered != null) {
            answered.answer(events);
        }
        sent.sent(null);
    }

    /** @param after the number of the last event that has arrived */
    void poll(Poll poll, long after) {
        heard();
        Poll earlier;
        Sent next;
        synchronized (this) {
            if (begun) {
                settle();
            }
            begun = true;
            while (!unconfirmed.isEmpty() && unconfirmed.peek().number <= after) {
                unconfirmed.remove();
            }
            earlier = waiting;
            waiting = null;
            next = held;
            held = null;
        }
        if (earlier != null) {
            earlier.answer("[]"); // a client that asks twice has given up the first
        }
        if (next != null) {
            next.sent(null); // what waits in the outbox comes in by send()
        }
        String events;
        synchronized (this) {
            if (unconfirmed.isEmpty() && !closed) {
                waiting = poll;
                return;
            }
            events = events();
        }
        poll.answer(events);
    }

    /** The poll has waited for long enough. */
    void giveUp(Poll poll) {
        lost(poll);
        poll.answer("[]");
        heard();
    }

    /** The poll has ended. */
    synchronized void lost(Poll poll) {
        if (waiting == poll) {
            waiting = null;
        }
    }

    @Override
    public void close(int code, String reason) {
        Poll answered;
        String events;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            settle();
            String goodbye = EventEncoder.envelope("close", Map.of("code", code, "reason", reason), null);
            unconfirmed.add(new Numbered(++number, Frame.text(goodbye)));
            answered = waiting;
            waiting = null;
            events = events();
        }
        if (answered != null) {
            answered.answer(events);
        }
    }

    /** Called with the lock. */
    private String events() {
        StringBuilder to = new StringBuilder("[");
        for (Numbered event : unconfirmed) {
            to.append(to.length() > 1 ? ",\n" : "");
            append(to, event.frame);
            to.setLength(to.length() - 1); // the brace
            to.append(",\"n\":").append(event.number).append('}');
        }
        return to.append(']').toString();
    }

    /** Appends an event as JSON; an attachment is a member in Base64. */
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
