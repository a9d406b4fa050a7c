package dev.hubbub.hub;

import java.time.Duration;

/**
 * Times of the heartbeat, in nanoseconds.
 *
 * @param interval between two pings
 * @param patience from a ping to the end of the connection, unless the client shows a sign of life
 * @param outboxAge how long the oldest event may wait in an outbox
 */
record HeartbeatTimes(long interval, long patience, long outboxAge) {
    /**
     * Pings of a connection whose client cannot answer, within the interval and the patience. The first write after a client has
     * gone reaches the kernel and is answered with a reset, which some servers (Grizzly 4.0.2) report only to the third.
     */
    private static final int UNANSWERED_PINGS = 4;

    HeartbeatTimes(Duration interval, Duration patience, Duration outboxAge) {
        this(interval.toNanos(), patience.toNanos(), outboxAge.toNanos());
    }

    /** @param answers whether the client answers pings; otherwise only a write that fails shows that it has gone */
    long interval(boolean answers) {
        return answers ? interval : Math.min(interval, (interval + patience) / UNANSWERED_PINGS);
    }
}
