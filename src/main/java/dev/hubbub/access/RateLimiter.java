package dev.hubbub.access;

/**
 * Limits the events of one client. A client that keeps sending after many of its events were rejected is closed, because it is
 * not going to slow down.
 */
public final class RateLimiter {
    private final TokenBucket bucket;
    private final int perSecond;
    private final int maxRejected;

    /** All events, also the rejected ones. Guarded by this. */
    private long checked;

    /** Events rejected since the bucket was last full. Guarded by this. */
    private int rejected;

    /** What happens to an event. */
    public enum Decision {
        ALLOWED,
        REJECTED,
        /** The event is rejected and the client must be closed. */
        CLOSE
    }

    /**
     * @param perSecond events per second; 0 for no limit: then events are only counted
     * @param burst events that are allowed at once after a pause; the client is closed after as many were rejected
     */
    public RateLimiter(int perSecond, int burst) {
        this(perSecond, burst, System.nanoTime());
    }

    RateLimiter(int perSecond, int burst, long now) {
        this.perSecond = perSecond;
        bucket = new TokenBucket(perSecond, burst, now);
        maxRejected = burst;
    }

    /** Counts an event and decides about it. */
    public Decision check() {
        return check(perSecond == 0 ? 0 : System.nanoTime());
    }

    /** How many events there were. */
    public synchronized long checked() {
        return checked;
    }

    /** The limit; 0 for none. */
    public int perSecond() {
        return perSecond;
    }

    synchronized Decision check(long now) {
        checked++;
        if (perSecond == 0) {
            return Decision.ALLOWED;
        }
        if (rejected > 0 && bucket.isFull(now)) {
            rejected = 0;
        }
        if (bucket.tryTake(now)) {
            return Decision.ALLOWED;
        }
        rejected++;
        return rejected > maxRejected ? Decision.CLOSE : Decision.REJECTED;
    }
}
