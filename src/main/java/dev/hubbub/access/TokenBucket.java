package dev.hubbub.access;

/**
 * So many a second, and once in a while more: each take costs a token, tokens come back at a steady rate, and at most a burst
 * of them is kept.
 */
final class TokenBucket {
    private static final double SECOND = 1e9;

    private final double perNano;
    private final double burst;

    // Guarded by this.
    private double tokens;
    private long at;

    /** @param perSecond positive */
    TokenBucket(double perSecond, double burst, long now) {
        this.perNano = perSecond / SECOND;
        this.burst = burst;
        tokens = burst;
        at = now;
    }

    /** @param now by {@link System#nanoTime} */
    synchronized boolean take(long now) {
        refill(now);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Whether nothing was taken for so long that it is as if it were new. */
    synchronized boolean isFull(long now) {
        refill(now);
        return tokens >= burst;
    }

    private void refill(long now) {
        tokens = Math.min(burst, tokens + Math.max(0, now - at) * perNano);
        at = now;
    }
}
