package dev.hubbub.access;

/** How many events one client may send. Who goes on for long after it was refused is not going to slow down. */
public final class RateLimiter {
    private final TokenBucket bucket;
    private final int patience;

    /** Events refused since the bucket was last full. Guarded by this. */
    private int refused;

    /** What becomes of an event. */
    public enum Verdict {
        TAKEN,
        REFUSED,
        /** Refused, and the client is to be closed. */
        TOO_MANY
    }

    /**
     * @param perSecond positive
     * @param burst events at once after a quiet time; as many may be refused before the client is closed
     */
    public RateLimiter(int perSecond, int burst) {
        this(perSecond, burst, System.nanoTime());
    }

    RateLimiter(int perSecond, int burst, long now) {
        bucket = new TokenBucket(perSecond, burst, now);
        patience = burst;
    }

    public Verdict event() {
        return event(System.nanoTime());
    }

    synchronized Verdict event(long now) {
        if (refused > 0 && bucket.isFull(now)) {
            refused = 0;
        }
        if (bucket.take(now)) {
            return Verdict.TAKEN;
        }
        refused++;
        return refused > patience ? Verdict.TOO_MANY : Verdict.REFUSED;
    }
}
