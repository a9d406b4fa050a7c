package dev.hubbub.hub;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a hub has done to slow readers and to clients that send too much, since it started.
 *
 * @param dropped droppable events that found a full outbox
 * @param replaced waiting events that were replaced by a newer one with the same key, see {@link dev.hubbub.Delivery#latest}
 * @param closedAsTooSlow clients closed with 1013
 * @param rateLimited events rejected because their sender sent too many
 * @param rejected events answered by an error for any reason, {@code rateLimited} included
 */
public record Counters(
        LongAdder dropped, LongAdder replaced, LongAdder closedAsTooSlow, LongAdder rateLimited, LongAdder rejected) {
    Counters() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
