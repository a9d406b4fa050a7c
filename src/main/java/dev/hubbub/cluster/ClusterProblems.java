package dev.hubbub.cluster;

import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what other nodes and Redis do wrong, and logs each kind at most once a minute. */
final class ClusterProblems {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final ClusterCounters counters;
    private final AtomicLong malformedLoggedAt = new AtomicLong(System.nanoTime() - INTERVAL.toNanos());
    private final AtomicLong foreignLoggedAt = new AtomicLong(System.nanoTime() - INTERVAL.toNanos());
    private final AtomicLong refusedLoggedAt = new AtomicLong(System.nanoTime() - INTERVAL.toNanos());

    ClusterProblems(ClusterCounters counters) {
        this.counters = counters;
    }

    void malformed(String room, RuntimeException cause) {
        counters.malformed().increment();
        if (isDue(malformedLoggedAt)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A message on the channel of room \"{0}\" is not one of this version of Hubbub and was dropped: {1}"
                            + " ({2} so far)",
                    Protocol.printable(room),
                    cause,
                    counters.malformed());
        }
    }

    /** A message of Node's Socket.IO, or one for it. */
    void foreign(String channel, Throwable cause) {
        counters.malformed().increment();
        if (isDue(foreignLoggedAt)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A message on the channel \"{0}\" of Socket.IO was dropped: {1} ({2} so far)",
                    Protocol.printable(channel),
                    cause,
                    counters.malformed());
        }
    }

    void refused(int events, RuntimeException reason) {
        counters.unavailable().add(events);
        if (isDue(refusedLoggedAt)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Events are not taken: {0} ({1} so far)",
                    RedisConnection.reason(reason),
                    counters.unavailable());
        }
    }

    private static boolean isDue(AtomicLong loggedAt) {
        long last = loggedAt.get();
        long now = System.nanoTime();
        return now - last >= INTERVAL.toNanos() && loggedAt.compareAndSet(last, now);
    }
}
