package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.StoredFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;

/**
 * The order of the events of a room, or of those to everybody: each gets a position, and the last are remembered for those who
 * come back. Guarded by the lock of whoever has it, which it takes itself only to forget what has become too old.
 */
final class EventLog {
    /** Bytes of the objects around an event's own, about. */
    private static final int OBJECTS = 128;

    private final String epoch = Position.newEpoch();
    private final Limits limits;
    private final Lock lock;
    private final LocalHub hub;
    private final Deque<Entry> entries = new ArrayDeque<>(1);

    /** The position of the last event that was let go of; who has seen this one has missed none. */
    private long floor;

    private long bytes;
    private long position;

    /**
     * @param events of each room
     * @param bytes of each room
     * @param age of each event
     * @param total of all rooms; when it is used up, rooms forget what they have
     */
    record Limits(int events, long bytes, Duration age, AtomicLong total) {}

    private static final class Entry {
        private final StoredFrame copy = new StoredFrame();
        private Set<String> except = Set.of();
        private long number;
        private long at;

        private long cost() {
            return OBJECTS + copy.capacity();
        }
    }

    /** @param lock guards it */
    EventLog(Limits limits, Lock lock, LocalHub hub) {
        this.limits = limits;
        this.lock = lock;
        this.hub = hub;
    }

    String epoch() {
        return epoch;
    }

    /** How many events there have been. */
    long position() {
        return position;
    }

    Position here() {
        return new Position(epoch, position);
    }

    /** The frame as the next event, not to be remembered. */
    Frame place(Frame frame) {
        return frame.at(new Position(epoch, ++position));
    }

    /**
     * The frame as the next event, which is remembered unless it may be dropped.
     *
     * @param except clients who are not to get it
     */
    Frame add(Frame frame, Set<? extends Client> except) {
        Frame placed = place(frame);
        if (!frame.delivery().droppable()) {
            remember(placed, except, System.nanoTime());
        }
        return placed;
    }

    private void remember(Frame frame, Set<? extends Client> except, long now) {
        if (limits.events == 0) {
            floor = position;
            return;
        }
        boolean wasEmpty = entries.isEmpty();
        boolean full = entries.size() == limits.events;
        Entry entry = full ? entries.remove() : new Entry();
        long freed = full ? entry.cost() : 0;
        floor = full ? entry.number : floor;
        entry.copy.set(frame);
        entry.number = position;
        entry.at = now;
        Set<String> ids =
                except.isEmpty() ? Set.of() : except.stream().map(Client::id).collect(Collectors.toUnmodifiableSet());
        if (entry.except != ids) { // nearly never
            entry.except = ids;
        }
        entries.add(entry);
        charge(entry.cost() - freed);
        while (bytes > limits.bytes) {
            forgetFirst();
        }
        if (limits.total.get() < 0) {
            clear();
        }
        trim(now);
        if (wasEmpty && !entries.isEmpty()) {
            hub.after(limits.age, this::growOld);
        }
    }

    private void charge(long more) {
        if (more != 0) {
            bytes += more;
            limits.total.addAndGet(-more);
        }
    }

    private void forgetFirst() {
        Entry first = entries.remove();
        floor = first.number;
        charge(-first.cost());
    }

    private void growOld() {
        lock.lock();
        try {
            trim(System.nanoTime());
            if (!entries.isEmpty()) {
                hub.after(limits.age, this::growOld);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of what is too old. */
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

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * @param seen how many events the client has seen; null if it does not say, or it was in another epoch
     * @param id the client's id when it saw the position, for what it was not to get
     * @return what it has missed; null if some of that is gone, or the position is none of this epoch
     */
    List<Frame> since(Long seen, String id) {
        if (seen == null || seen > position || seen < floor) {
            return null;
        }
        List<Frame> missed = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.number > seen && !entry.except.contains(id)) {
                missed.add(entry.copy.frame(new Position(epoch, entry.number)));
            }
        }
        return missed;
    }
}
