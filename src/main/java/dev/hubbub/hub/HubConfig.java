package dev.hubbub.hub;

import dev.hubbub.access.Limits;
import dev.hubbub.access.RoomRules;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * How a hub works.
 *
 * @param maxPayload bytes of the largest frame that clients may send; the hub only tells them
 * @param outboxEvents events that may wait for one client
 * @param outboxBytes bytes that may wait for one client
 * @param outboxAge how long an event may wait for one client
 * @param heartbeat time between two pings
 * @param patience time from an unanswered ping to the end of the connection
 * @param logEvents events that each room remembers for clients that return
 * @param logAge how long a room remembers them, also while it has no members
 * @param presence what the members of which room are told of each other
 * @param grace how long the members of a room are not told that a client was lost that may return
 * @param rooms what clients may do in which room
 * @param limits how much clients may do
 * @param expiryNotice how long before an identity expires its client is told
 * @param measured whether the time of each delivery is measured
 */
public record HubConfig(
        int maxPayload,
        int outboxEvents,
        long outboxBytes,
        Duration outboxAge,
        Duration heartbeat,
        Duration patience,
        int logEvents,
        Duration logAge,
        PresenceRules presence,
        Duration grace,
        RoomRules rooms,
        Limits limits,
        Duration expiryNotice,
        boolean measured,
        Threads threads) {
    /** Bytes that a room remembers for each event that it may remember. */
    private static final long LOGGED_BYTES = 1_024;

    /**
     * Where threads come from.
     *
     * @param factory makes the hub's own threads
     * @param writers threads that write broadcasts
     * @param application runs application code that may block; null for a pool of the hub's own
     * @param callersMayBlock see {@link HubServices#callersMayBlock()}
     * @param timer runs the tasks of the scheduler; null for a thread of the hub's own
     */
    public record Threads(
            ThreadFactory factory,
            int writers,
            Executor application,
            boolean callersMayBlock,
            ScheduledExecutorService timer) {
        public Threads(ThreadFactory factory, int writers, Executor application, boolean callersMayBlock) {
            this(factory, writers, application, callersMayBlock, null);
        }
    }

    /** Bytes that each room remembers at most. */
    public long logBytes() {
        return logEvents * LOGGED_BYTES;
    }

    /** The most bytes of a page of history: with half of an outbox, it does not make a client that reads well too slow. */
    long maxPage() {
        return Math.min(HistoryPages.MAX_BYTES, outboxBytes / 2);
    }

    Outbox.Limits outboxes() {
        return new Outbox.Limits(outboxEvents, outboxBytes);
    }

    HeartbeatTimes heartbeatTimes() {
        return new HeartbeatTimes(heartbeat, patience, outboxAge);
    }
}
