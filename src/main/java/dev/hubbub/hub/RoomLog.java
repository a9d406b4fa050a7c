package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** The last events of a room, for those who come back. Guarded by the room's lock. */
final class RoomLog {
    /** How often an event's bytes are in memory at most: wire and text, each also with the position, and a form. */
    private static final int COPIES = 5;

    /** Bytes of the objects around them. */
    private static final int OBJECTS = 256;

    private final Limits limits;
    private final Deque<Entry> entries = new ArrayDeque<>(1);

    /** The position of the last event that was let go of; who has seen this one has missed none. */
    private long floor;

    private long bytes;

    /**
     * @param events of each room
     * @param bytes of each room
     * @param age of each event
     * @param total of all rooms; when it is used up, rooms forget what they have
     */
    record Limits(int events, long bytes, Duration age, AtomicLong total) {}

    private record Entry(Frame frame, Set<String> except, long at) {}

    RoomLog(Limits limits) {
        this.limits = limits;
    }

    /** @param except ids of clients who were not to get it */
    void add(Frame frame, Set<? extends Client> except, long now) {
        Set<String> ids =
                except.isEmpty() ? Set.of() : except.stream().map(Client::id).collect(Collectors.toUnmodifiableSet());
        entries.add(new Entry(frame, ids, now));
        charge(frame, 1);
        while (entries.size() > limits.events || bytes > limits.bytes) {
            forgetFirst();
        }
        if (limits.total.get() < 0) {
            clear();
        }
        trim(now);
    }

    private void charge(Frame frame, int sign) {
        bytes += sign * (long) frame.size();
        limits.total.addAndGet(-sign * (OBJECTS + (long) COPIES * frame.size()));
    }

    private void forgetFirst() {
        Entry first = entries.remove();
        floor = first.frame.position().number();
        charge(first.frame, -1);
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
     * @param id the client's id when it saw the position, for what it was not to get
     * @return what it has missed; null if some of that is gone
     */
    List<Frame> since(long number, String id) {
        if (number < floor) {
            return null;
        }
        List<Frame> missed = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.frame.position().number() > number && !entry.except.contains(id)) {
                missed.add(entry.frame);
            }
        }
        return missed;
    }
}
