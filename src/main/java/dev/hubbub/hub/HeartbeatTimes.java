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
    HeartbeatTimes(Duration interval, Duration patience, Duration outboxAge) {
        this(interval.toNanos(), patience.toNanos(), outboxAge.toNanos());
    }
}
