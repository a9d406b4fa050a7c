package dev.hubbub;

/**
 * What becomes of an event for a receiver that reads slowly.
 *
 * <pre>{@code
 * room.emit("message", text);                                 // waits; a receiver with too much waiting is closed
 * room.emit("cursor", position, Delivery.DROPPABLE);          // not worth to wait when much does
 * room.emit("price", price, Delivery.latest("lot-7"));        // only the newest price waits
 * }</pre>
 *
 * @param droppable dropped for a receiver whose outbox is full, instead of closing it
 * @param key of events of one key only the newest waits, in the place of the first; null for none
 */
public record Delivery(boolean droppable, String key) {
    /** Every event in order; a receiver whose outbox is full is closed with 1013. The default. */
    public static final Delivery ALL = new Delivery(false, null);
    /** Dropped for a receiver whose outbox is full. */
    public static final Delivery DROPPABLE = new Delivery(true, null);

    /**
     * Of the events with this key, whatever their names, only the newest waits. It takes the place of the one before it,
     * and is dropped if there is none and the outbox is full.
     */
    public static Delivery latest(String key) {
        return new Delivery(true, key);
    }
}
