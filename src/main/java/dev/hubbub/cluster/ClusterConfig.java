package dev.hubbub.cluster;

import java.time.Duration;

/**
 * How a node takes part in a cluster.
 *
 * @param prefix of all keys and channels
 * @param secret signs sessions; null for a random one that the nodes share through Redis
 * @param patience how long events wait for Redis
 * @param logEvents events that each room remembers
 * @param logBytes bytes that each room remembers, roughly
 * @param logAge how long a room remembers them
 * @param grace how long the members of a room are not told that a client was lost that may return
 */
public record ClusterConfig(
        RedisAddress address,
        String prefix,
        String secret,
        Duration patience,
        int logEvents,
        long logBytes,
        Duration logAge,
        Duration grace) {
    /** So many events are kept at least, for nodes that have to repair a gap. */
    private static final int PRESENCE_LIMIT = 200;

    private static final int LEAST_EVENTS = 1_000;

    /** Members of a room beyond which only their number travels, where the room's own rule is not known. */
    int presenceLimit() {
        return PRESENCE_LIMIT;
    }

    /** How long the log of a room lives that nobody publishes to; it is renewed when a quarter of its age has passed. */
    long logMillis() {
        return logAge.toMillis() * 5 / 4;
    }

    /** How many events to keep of a room whose events have this size. */
    long keep(long eventBytes) {
        return Math.max(LEAST_EVENTS, Math.min(logEvents, logBytes / Math.max(1, eventBytes)));
    }
}
