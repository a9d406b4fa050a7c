package dev.hubbub.access;

/**
 * A token bucket: each take costs one token, tokens are refilled at a steady rate, and the bucket holds at most one burst of
 * them.
 */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perNano;
    private final double burst;

    // Guarded by this.
    private double tokens;
    private long refilledAt;

    /** @param perSecond positive */
    TokenBucket(double perSecond, double burst, long now) {
        this.perNano = perSecond / NANOS_PER_SECOND;
        this.burst = burst;
        tokens = burst;
        refilledAt = now;
    }

    /**
     * @param now a value of {@link System#nanoTime}
     * @return false if the bucket is empty
     */
    boolean tryTake(long now) {
        return tryTake(1, now);
    }

    /** As {@link #tryTake(long)}, for several tokens: all or none. */
    synchronized boolean tryTake(int count, long now) {
        refill(now);
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }

    /** Whether the bucket is in the state of a new one, so that it can be removed without a difference. */
    synchronized boolean isFull(long now) {
        refill(now);
        return tokens >= burst;
    }

    private void refill(long now) {
        tokens = Math.min(burst, tokens + Math.max(0, now - refilledAt) * perNano);
        refilledAt = now;
    }
}
