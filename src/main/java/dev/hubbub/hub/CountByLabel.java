package dev.hubbub.hub;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counters by the value of a label. Bounded: beyond {@link #MAX_VALUES} values, further ones count as {@code other}. */
public final class CountByLabel {
    private static final int MAX_VALUES = 64;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    public void increment(String value) {
        LongAdder count = counts.get(value);
        if (count == null) {
            String label = counts.size() < MAX_VALUES ? value : "other";
            count = counts.computeIfAbsent(label, first -> new LongAdder());
        }
        count.increment();
    }

    public Map<String, Long> values() {
        Map<String, Long> values = new TreeMap<>();
        counts.forEach((value, count) -> values.put(value, count.sum()));
        return values;
    }

    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
