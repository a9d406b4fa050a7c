package dev.hubbub.access;

/** Limits what one caller of the HTTP API sends per second; bursts of ten times as much are allowed. Thread-safe. */
public final class RequestLimiter {
    private static final int BURST_SECONDS = 10;

    private final TokenBucket bucket;
    private final int burst;

    /** @param perSecond positive */
    public RequestLimiter(int perSecond) {
        this(perSecond, System.nanoTime());
    }

    RequestLimiter(int perSecond, long now) {
        burst = (int) Math.min(Integer.MAX_VALUE, (long) perSecond * BURST_SECONDS);
        bucket = new TokenBucket(perSecond, burst, now);
    }

    /**
     * Charges the caller, unless it has exceeded the limit.
     *
     * @param count how much it sends; more than a burst counts as a burst, so that it can be sent at all
     * @return false if the limit is exceeded, and nothing was charged
     */
    public boolean tryTake(int count) {
        return tryTake(count, System.nanoTime());
    }

    boolean tryTake(int count, long now) {
        return bucket.tryTake(Math.min(count, burst), now);
    }
}
