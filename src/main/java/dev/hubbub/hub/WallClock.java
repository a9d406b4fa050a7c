package dev.hubbub.hub;

/**
 * Converts times of {@link System#nanoTime}, which is all that publishing an event in memory reads, to milliseconds since 1970.
 * The same time gives the same result, unless the system's clock was set meanwhile.
 */
final class WallClock {
    /** The system's clock was set if it differs by more than this. */
    private static final long TOLERANCE_MILLIS = 500;

    private static volatile long origin = currentOrigin();

    private WallClock() {}

    private static long currentOrigin() {
        return System.currentTimeMillis() - System.nanoTime() / 1_000_000;
    }

    static long millis(long nanoTime) {
        long current = currentOrigin();
        if (Math.abs(current - origin) > TOLERANCE_MILLIS) {
            origin = current;
        }
        return origin + nanoTime / 1_000_000;
    }
}
