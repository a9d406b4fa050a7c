package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Positions;
import dev.hubbub.protocol.StoredFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The order of one room, and its last events in memory for clients that return. Not thread-safe: its owner guards it.
 */
final class RoomLog {
    /** Approximate size of the objects around an event's own bytes. */
    private static final int ENTRY_BYTES = 128;

    /** Approximate size of the id of an excluded client, with its place in a set. */
    private static final int ID_BYTES = 96;

    private final String epoch = Positions.newEpoch();
    private final Limits limits;
    private final Deque<Entry> entries = new ArrayDeque<>(1);

    /** The number of the last event that was forgotten: a client that has seen it has missed nothing of what is gone. */
    private long floor;

    private long bytes;
    private long number;

    /**
     * @param events the most events of each room
     * @param bytes the most bytes of each room
     * @param age how long each event is kept
     * @param available bytes that all rooms together may still use; when it is negative, rooms forget what they have
     */
    record Limits(int events, long bytes, Duration age, AtomicLong available) {}

    private static final class Entry {
        private final StoredFrame frame = new StoredFrame();
        private Set<String> except = Set.of();
        private List<Position> elsewhere = List.of();
        private long number;
        private long at;

        private long cost() {
            return ENTRY_BYTES + frame.capacity() + (long) ID_BYTES * (except.size() + elsewhere.size());
        }
    }

    RoomLog(Limits limits) {
        this.limits = limits;
    }

    String epoch() {
        return epoch;
    }

    Position position() {
        return new Position(epoch, number);
    }

    /** Gives an event the next position and remembers it. */
    Frame append(Frame frame, Set<String> except, List<Position> elsewhere, long now) {
        Frame positioned = frame.at(new Position(epoch, ++number));
        remember(positioned, except, elsewhere, now);
        return positioned;
    }

    private void remember(Frame frame, Set<String> except, List<Position> elsewhere, long now) {
        if (limits.events == 0) {
            floor = number;
            return;
        }
        boolean full = entries.size() == limits.events;
        Entry entry = full ? entries.remove() : new Entry();
        long freed = full ? entry.cost() : 0;
        floor = full ? entry.number : floor;
        entry.frame.set(frame);
        entry.number = number;
        entry.at = now;
        // Nearly always the same empty ones: then nothing is stored, and the collector has nothing to trace.
        if (entry.except != except) {
            entry.except = Set.copyOf(except);
        }
        if (entry.elsewhere != elsewhere) {
            entry.elsewhere = List.copyOf(elsewhere);
        }
        entries.add(entry);
        charge(entry.cost() - freed);
        while (bytes > limits.bytes) {
            forgetFirst();
        }
        if (limits.available.get() < 0) {
            clear();
        }
        trim(now);
    }

    private void charge(long more) {
        if (more != 0) {
            bytes += more;
            limits.available.addAndGet(-more);
        }
    }

    private void forgetFirst() {
        Entry first = entries.remove();
        floor = first.number;
        charge(-first.cost());
    }

    /** Forgets one event as if it had never been published. @return false if it is not remembered */
    boolean delete(long deleted) {
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.number == deleted) {
                each.remove();
                charge(-entry.cost());
                return true;
            }
        }
        return false;
    }

    /** Forgets all events. @return how many there were */
    long forgetAll() {
        long events = entries.size();
        clear();
        return events;
    }

    /** Forgets events that are too old. */
    void trim(long now) {
        while (!entries.isEmpty() && now - entries.peek().at > limits.age.toNanos()) {
            forgetFirst();
        }
    }

    void clear() {
        while (!entries.isEmpty()) {
            forgetFirst();
        }
    }

    /**
     * What was published after an event.
     *
     * @param seen the number of that event
     * @param limit the most events to return
     * @return null if some of it is forgotten, or there was no such event
     */
    List<Broker.StoredEvent> since(long seen, int limit) {
        if (seen > number || seen < floor) {
            return null;
        }
        List<Broker.StoredEvent> missed = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.number > seen && missed.size() < limit) {
                missed.add(stored(entry));
            }
        }
        return missed;
    }

    /**
     * The last events before a number.
     *
     * @param limit the most events to return
     */
    List<Broker.StoredEvent> before(long end, int limit) {
        Deque<Broker.StoredEvent> last = new ArrayDeque<>();
        for (Iterator<Entry> newest = entries.descendingIterator(); newest.hasNext() && last.size() < limit; ) {
            Entry entry = newest.next();
            if (entry.number < end) {
                last.addFirst(stored(entry));
            }
        }
        return List.copyOf(last);
    }

    /** Whether events before this number are remembered. */
    boolean hasBefore(long end) {
        return !entries.isEmpty() && entries.peek().number < end;
    }

    private Broker.StoredEvent stored(Entry entry) {
        return new Broker.StoredEvent(
                entry.frame.frame(new Position(epoch, entry.number)),
                entry.except,
                entry.elsewhere,
                WallClock.millis(entry.at));
    }
}
