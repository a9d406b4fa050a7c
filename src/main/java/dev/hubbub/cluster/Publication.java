package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.Frame;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a node sends to one room.
 *
 * @param bytes an event of {@link EventBatch#encode}; null for presence
 * @param key the name of the idempotency key in Redis; null for none
 * @param stage completes with the position; null for presence
 * @param stored the event for the history; null if it is not stored
 */
record Publication(
        Kind kind,
        byte[] bytes,
        String key,
        CompletableFuture<Position> stage,
        PresenceChanges changes,
        Original stored) {
    enum Kind {
        EVENT,
        /** Events with an idempotency key. */
        KEYED,
        DROPPABLE,
        PRESENCE
    }

    /** An event as it was published. */
    record Original(Frame event, Set<String> except, Source source) {
        /**
         * @param room null if it is not durable
         * @return null if the event is not stored
         * @throws dev.hubbub.EventException if the history cannot take the event
         */
        static Original of(StoredRoom room, Frame event, Set<String> except, Source source) {
            if (room == null || event.delivery().droppable()) {
                return null;
            }
            room.requireAccepts(event);
            return new Original(event, except, source);
        }
    }

    static Publication of(PresenceChanges changes) {
        return new Publication(Kind.PRESENCE, null, null, null, changes, null);
    }

    /** Whether it gets a position, and is kept. */
    boolean isKept() {
        return kind == Kind.EVENT || kind == Kind.KEYED;
    }

    int size() {
        return bytes == null ? changes.size() : bytes.length;
    }
}
