package dev.hubbub.cluster;

import dev.hubbub.protocol.Positions;
import redis.clients.jedis.CommandArguments;

/**
 * The part of one room in a call for several.
 *
 * @param sequence the number of the call among those of this node
 * @param renews whether the lives of what Redis has of the room begin anew
 * @param keep how many events the log keeps
 * @param key the name of the idempotency key in Redis; null for none
 */
record RoomPart(RoomPublisher publisher, long sequence, boolean renews, long keep, String key) {
    void addTo(CommandArguments arguments, String term) {
        arguments
                .add(keys().log())
                .add(keys().channel())
                .add(Positions.newEpoch())
                .add(keep)
                .add(sequence)
                .add(publisher.sending(sequence, term))
                .add(renews ? "1" : "0")
                .add(key == null ? "" : key)
                .add(stored() == null ? "0" : "1");
    }

    void repeating() {
        publisher.repeating();
    }

    void arrived() {
        publisher.arrived(sequence);
    }

    void ended() {
        publisher.ended();
    }

    /** Null if the room is not durable. */
    StoredRoom stored() {
        return publisher.stored();
    }

    RoomFeed feed() {
        return publisher.feed;
    }

    RoomKeys keys() {
        return publisher.keys;
    }
}
