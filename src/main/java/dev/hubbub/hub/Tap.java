package dev.hubbub.hub;

import dev.hubbub.Event;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * What an operator sees of the events of one room, or of those that one client sends, for as long as somebody reads it. It keeps a
 * sample, so that a busy room costs little.
 */
public final class Tap {
    /** Events that are kept until they are read. */
    static final int MAX_LINES = 100;

    /** Events that are kept of each second; the others are only counted. */
    static final int PER_SECOND = 20;

    static final int MAX_CHARACTERS = 500;

    /** A page that is open reads every two seconds. */
    private static final Duration IDLE = Duration.ofSeconds(15);

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Runnable end;

    // Guarded by this.
    private final Deque<Line> lines = new ArrayDeque<>();
    private long readAt = System.nanoTime();
    private long secondAt = readAt;
    private int inSecond;
    private long seen;

    /**
     * An event.
     *
     * @param number counts all events, also those that are not in the sample
     * @param event the beginning of its JSON
     */
    public record Line(long number, Instant at, String event) {}

    /**
     * A part of the sample.
     *
     * @param seen the number of events so far
     */
    public record Lines(long seen, List<Line> lines) {}

    /** @param end has it show nothing any more */
    Tap(Runnable end) {
        this.end = end;
    }

    /** Shows an event of a room. */
    void show(Frame event) {
        show(event::envelope, System.nanoTime());
    }

    /** Shows an event of a client, but no secrets. */
    public void show(Event event) {
        show(
                () -> event.name().equals(Protocol.AUTH)
                        ? "{\"name\":\"auth\"}"
                        : EventEncoder.event(event.name(), event.data()).envelope(),
                System.nanoTime());
    }

    synchronized void show(Supplier<String> json, long now) {
        if (isIdle(now)) {
            end.run();
            return;
        }
        seen++;
        if (now - secondAt >= SECOND) {
            secondAt = now;
            inSecond = 0;
        }
        if (inSecond++ < PER_SECOND) {
            if (lines.size() == MAX_LINES) {
                lines.removeFirst();
            }
            String text = json.get();
            lines.addLast(new Line(
                    seen,
                    Instant.now(),
                    text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "…" : text));
        }
    }

    /** What has been kept since the event with this number. */
    public synchronized Lines after(long number) {
        readAt = System.nanoTime();
        List<Line> newer = new ArrayList<>(lines);
        newer.removeIf(line -> line.number <= number);
        return new Lines(seen, newer);
    }

    /** Ends it if nobody has read it for a while. @return whether it has ended */
    public synchronized boolean endIfIdle() {
        boolean idle = isIdle(System.nanoTime());
        if (idle) {
            end.run();
        }
        return idle;
    }

    private boolean isIdle(long now) {
        return now - readAt > IDLE.toNanos();
    }
}
