package dev.hubbub.bench;

import java.util.Arrays;

/** Counts times in buckets that are at most 3.2 % wide. */
final class Histogram {
    private static final int PARTS = 64;
    private final long[] counts = new long[PARTS * PARTS];
    private long total;

    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    /** @return microseconds; 0 if nothing was counted */
    double percentile(double part) {
        long wanted = (long) (part * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen > wanted) {
                return start(i) / 1_000.0;
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        int shift = Math.max(0, 58 - Long.numberOfLeadingZeros(value));
        return shift * PARTS + (int) (value >>> shift);
    }

    private static long start(int bucket) {
        int shift = bucket / PARTS;
        return (long) (bucket - shift * PARTS) << shift;
    }
}
