package dev.hubbub.hub;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a hub has counted since it started.
 *
 * @param opened clients by the transport by which they connected
 * @param closed clients by the close code with which they disconnected
 * @param dropped droppable events that found a full outbox
 * @param replaced waiting events that were replaced by a newer one with the same key, see {@link dev.hubbub.Delivery#latest}
 * @param closedAsTooSlow clients closed with 1013
 * @param rateLimited events rejected because their sender sent too many
 * @param rejected events answered by an error, by its code; rate limited ones included
 * @param sentFrames frames handed to the sockets of clients that have disconnected meanwhile
 * @param sentBytes their bytes
 * @param deliveries time from the publication of each event until it was handed to a socket; null if it is not measured
 */
public record Counters(
        CountByLabel opened,
        CountByLabel closed,
        LongAdder dropped,
        LongAdder replaced,
        LongAdder closedAsTooSlow,
        LongAdder rateLimited,
        CountByLabel rejected,
        LongAdder sentFrames,
        LongAdder sentBytes,
        Durations deliveries) {
    Counters(boolean measured) {
        this(
                new CountByLabel(),
                new CountByLabel(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new CountByLabel(),
                new LongAdder(),
                new LongAdder(),
                measured ? new Durations() : null);
    }
}
