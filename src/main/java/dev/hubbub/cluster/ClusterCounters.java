package dev.hubbub.cluster;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a node has seen of the cluster since it started.
 *
 * @param gaps times that events of a room were missing and were read
 * @param lost times that they could not be read any more
 * @param unavailable events that were not taken because Redis was away
 * @param malformed messages that were not ours, cut, or of another format
 * @param forwarded requests that were handed to other nodes
 */
record ClusterCounters(
        LongAdder gaps, LongAdder lost, LongAdder unavailable, LongAdder malformed, LongAdder forwarded) {
    ClusterCounters() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
