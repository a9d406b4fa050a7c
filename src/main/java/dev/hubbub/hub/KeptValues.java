package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The present values that rooms keep for clients that join later, by room and key. They do not depend on whether a room is open.
 *
 * <p>A value is stored first and then published, and the values of one room are published one after another. So a client that
 * joins meanwhile may get a value twice, but never misses one, and never gets an older one after a newer one.
 */
final class KeptValues {
    /** How {@link dev.hubbub.Delivery#key} begins for kept values; no other key of an application begins so. */
    private static final String PREFIX = "\u0001kept ";

    /** Rooms that keep something: bounds what an application can fill by mistake. */
    private static final int MAX_ROOMS = 10_000;

    private final int maxEvents;
    private final long maxBytes;
    private final Map<String, RoomValues> rooms = new ConcurrentHashMap<>();

    /** @param until by {@link System#nanoTime}; null for ever */
    private record Value(Frame frame, Long until) {
        boolean isOver(long now) {
            return until != null && now - until >= 0;
        }
    }

    /** Guarded by itself, which is taken last of all locks. */
    private static final class RoomValues {
        final Map<String, Value> values = new LinkedHashMap<>();
        /** What is still to be published, by key: a newer value replaces an older one. */
        final Map<String, Frame> waiting = new LinkedHashMap<>();

        long bytes;
        boolean publishing;

        void put(String key, Value value) {
            Value before = values.put(key, value);
            bytes += value.frame.size() - (before == null ? 0 : before.frame.size());
        }

        boolean remove(String key) {
            Value before = values.remove(key);
            bytes -= before == null ? 0 : before.frame.size();
            return before != null;
        }

        void removeOver(long now) {
            List<String> over = new ArrayList<>(0);
            values.forEach((key, value) -> {
                if (value.isOver(now)) {
                    over.add(key);
                }
            });
            over.forEach(this::remove);
        }
    }

    /** A client that joins is sent all values of a room at once, so at most half of an outbox. */
    KeptValues(Outbox.Limits outboxes) {
        maxEvents = Math.max(1, outboxes.events() / 2);
        maxBytes = outboxes.bytes() / 2;
    }

    /** The key of the delivery of a kept value. */
    static String deliveryKey(String name, String key) {
        return PREFIX + name + " " + key;
    }

    static boolean isKept(Frame frame) {
        return frame.delivery().key() != null && frame.delivery().key().startsWith(PREFIX);
    }

    /** The present values of a room, in the order in which their keys were kept first. */
    List<Frame> of(String room) {
        RoomValues kept = rooms.isEmpty() ? null : rooms.get(room);
        if (kept == null) {
            return List.of();
        }
        synchronized (kept) {
            kept.removeOver(System.nanoTime());
            return kept.values.values().stream().map(Value::frame).toList();
        }
    }

    /**
     * Keeps a value and publishes it.
     *
     * @param value with a {@link #deliveryKey}
     * @param timeToLive null for ever
     * @throws EventException {@code too-large} if the room, or all rooms together, keep too much
     */
    void keep(String room, Frame value, Duration timeToLive, Consumer<Frame> publish) {
        if (rooms.size() >= MAX_ROOMS && !rooms.containsKey(room)) {
            throw new EventException(EventException.TOO_LARGE, "Too many rooms keep values, at most " + MAX_ROOMS);
        }
        String key = value.delivery().key();
        RoomValues kept = rooms.computeIfAbsent(room, name -> new RoomValues());
        synchronized (kept) {
            long now = System.nanoTime();
            if (!kept.values.containsKey(key) && kept.values.size() >= maxEvents
                    || kept.bytes + value.size() > maxBytes) {
                kept.removeOver(now);
                if (kept.values.size() >= maxEvents || kept.bytes + value.size() > maxBytes) {
                    throw new EventException(
                            EventException.TOO_LARGE,
                            "A room keeps at most " + maxEvents + " values and " + maxBytes + " bytes");
                }
            }
            kept.put(key, new Value(value, timeToLive == null ? null : now + timeToLive.toNanos()));
            kept.waiting.put(key, value);
            if (kept.publishing) {
                return; // the thread that publishes does it
            }
            kept.publishing = true;
        }
        publishWaiting(kept, publish);
    }

    private static void publishWaiting(RoomValues kept, Consumer<Frame> publish) {
        boolean done = false;
        try {
            while (true) {
                Frame next;
                synchronized (kept) {
                    var first = kept.waiting.values().iterator();
                    if (!first.hasNext()) {
                        kept.publishing = false;
                        done = true;
                        return;
                    }
                    next = first.next();
                    first.remove();
                }
                publish.accept(next);
            }
        } finally {
            if (!done) {
                synchronized (kept) {
                    kept.publishing = false;
                }
            }
        }
    }

    /** @return false if there was none */
    boolean forget(String room, String deliveryKey) {
        RoomValues kept = rooms.get(room);
        if (kept == null) {
            return false;
        }
        synchronized (kept) {
            return kept.remove(deliveryKey);
        }
    }

    /** Removes what is over, and rooms that keep nothing any more. */
    void removeOver() {
        long now = System.nanoTime();
        rooms.forEach((room, kept) -> rooms.computeIfPresent(room, (name, same) -> {
            synchronized (same) {
                same.removeOver(now);
                return same.values.isEmpty() && !same.publishing ? null : same;
            }
        }));
    }
}
