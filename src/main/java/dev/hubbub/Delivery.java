package dev.hubbub;

/**
 * What happens to an event if a receiver reads slowly.
 *
 * <pre>{@code
 * room.emit("message", text);                                 // waits; a client that falls too far behind is closed
 * room.emit("cursor", position, Delivery.DROPPABLE);          // may be dropped when the client is behind
 * room.emit("price", price, Delivery.latest("lot-7"));        // only the newest price waits
 * }</pre>
 *
 * @param droppable whether the event is dropped if the outbox of a receiver is full; otherwise the receiver is closed
 * @param key only the newest event with this key waits in an outbox, at the position of the first; null for none
 */
public record Delivery(boolean droppable, String key) {
    /** Delivers every event in order. A receiver whose outbox is full is closed with 1013. The default. */
    public static final Delivery ALL = new Delivery(false, null);
    /** Drops the event for receivers whose outbox is full. */
    public static final Delivery DROPPABLE = new Delivery(true, null);

    /**
     * Keeps only the newest of the waiting events with this key, whatever their names. The event replaces a waiting one at its
     * position. If there is none and the outbox is full, the event is dropped.
     */
    public static Delivery latest(String key) {
        return new Delivery(true, key);
    }
}
