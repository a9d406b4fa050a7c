package dev.hubbub.hub;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a hub has done to slow readers and fast senders since it began.
 *
 * @param dropped events that were droppable and found a full outbox
 * @param replaced events that waited and gave way to a newer one of their key
 * @param closedAsTooSlow clients closed with 1013
 * @param rateLimited events refused because their sender sent too many
 * @param refused events refused for whatever reason, those among them
 */
public record Counters(
        LongAdder dropped, LongAdder replaced, LongAdder closedAsTooSlow, LongAdder rateLimited, LongAdder refused) {
    Counters() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
