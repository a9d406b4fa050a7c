package dev.hubbub.hub;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the outboxes of a hub have done to slow readers since it began.
 *
 * @param dropped events that were droppable and found a full outbox
 * @param replaced events that waited and gave way to a newer one of their key
 * @param closedAsTooSlow clients closed with 1013
 */
public record Counters(LongAdder dropped, LongAdder replaced, LongAdder closedAsTooSlow) {
    Counters() {
        this(new LongAdder(), new LongAdder(), new LongAdder());
    }
}
