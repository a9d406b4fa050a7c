package dev.hubbub.hub;

import dev.hubbub.Position;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The idempotency keys of one room, with the positions of their events. Bounded: the oldest key is forgotten first. Not
 * thread-safe: its owner guards it.
 */
final class KeyLog {
    /** The most keys of one room. */
    static final int MAX = 100_000;

    /** Approximate size of a key with its position. */
    private static final int KEY_BYTES = 192;

    private final AtomicLong available;
    /** The oldest first. */
    private final Map<Source.KeyHash, Entry> entries = new LinkedHashMap<>();

    private record Entry(CompletionStage<Position> position, long at) {}

    /** @param available bytes that all rooms together may still use */
    KeyLog(AtomicLong available) {
        this.available = available;
    }

    /** The position of the event that was published with this key; null if there was none. */
    CompletionStage<Position> find(Source.KeyHash key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.position;
    }

    /** @param now by {@link System#nanoTime} */
    void add(Source.KeyHash key, CompletionStage<Position> position, long now) {
        if (entries.put(key, new Entry(position, now)) == null) {
            available.addAndGet(-KEY_BYTES);
        }
        while (entries.size() > MAX || (available.get() < 0 && entries.size() > 1)) {
            Iterator<Entry> oldest = entries.values().iterator();
            oldest.next();
            remove(oldest);
        }
    }

    /** Forgets keys that are older than this. */
    void trim(long now, Duration age) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && now - oldest.next().at > age.toNanos()) {
            remove(oldest);
        }
    }

    private void remove(Iterator<Entry> at) {
        at.remove();
        available.addAndGet(KEY_BYTES);
    }

    void remove(Source.KeyHash key) {
        if (entries.remove(key) != null) {
            available.addAndGet(KEY_BYTES);
        }
    }

    void clear() {
        available.addAndGet((long) KEY_BYTES * entries.size());
        entries.clear();
    }
}
