package dev.hubbub.test;

import dev.hubbub.Close;
import dev.hubbub.Event;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.Secret;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The browser's end of a connection: keeps what it is sent, and may stop to read. */
final class Inbox implements Connection {
    private final String secret = Secret.next();

    /** What the test has not expected yet. Guarded by this, as all fields. */
    private final List<Event> events = new ArrayList<>();

    private final List<Event> received = new ArrayList<>();
    private final List<Sent> pending = new ArrayList<>();
    private boolean stopped;
    private boolean lost;
    private Close close;

    /** The last position in each room and of the events to all, by epoch. */
    private final Map<String, String> positions = new LinkedHashMap<>();

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        synchronized (this) {
            if (!lost && frame.kind() != Frame.Kind.PING) {
                Event event = frame.kind() == Frame.Kind.TEXT
                        ? EventDecoder.event(frame.text())
                        : EventDecoder.event(frame.payload());
                events.add(event);
                received.add(event);
                if (frame.position() != null) {
                    positions.put(frame.position().epoch(), frame.position().toString());
                }
                notifyAll();
            }
            if (stopped) {
                pending.add(sent);
                return;
            }
        }
        sent.sent(null);
    }

    @Override
    public synchronized void close(int code, String reason) {
        if (close == null) {
            close = new Close(code, reason);
        }
        notifyAll();
    }

    @Override
    public String secret() {
        return secret;
    }

    @Override
    public boolean mayReturn() {
        return true;
    }

    synchronized void stopReading() {
        stopped = true;
    }

    void resumeReading() {
        List<Sent> waiting;
        synchronized (this) {
            stopped = false;
            waiting = List.copyOf(pending);
            pending.clear();
        }
        waiting.forEach(sent -> sent.sent(null));
    }

    /** What is sent from now on arrives nowhere. */
    synchronized void lose() {
        lost = true;
    }

    /** Takes the first event that matches; waits for it. Null if it does not come. */
    synchronized Event take(Predicate<Event> wanted, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (true) {
            for (Event event : events) {
                if (wanted.test(event)) {
                    events.remove(event);
                    return event;
                }
            }
            if (!await(end)) {
                return null;
            }
        }
    }

    /** Null if it is not closed in time. */
    synchronized Close awaitClose(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (close == null) {
            if (!await(end)) {
                return null;
            }
        }
        return close;
    }

    private boolean await(long end) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            return false;
        }
        try {
            wait(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    synchronized List<Event> received() {
        return List.copyOf(received);
    }

    synchronized List<Event> unexpected() {
        return List.copyOf(events);
    }

    synchronized List<String> lastPositions() {
        return List.copyOf(positions.values());
    }
}
