package dev.hubbub;

import java.time.Duration;

/**
 * How an event is delivered to receivers that read slowly.
 *
 * <pre>{@code
 * room.emit("message", text);                                 // waits; a client that falls too far behind is closed
 * room.emit("cursor", position, Delivery.DROPPABLE);          // may be dropped when the client is behind
 * room.emit("price", price, Delivery.latest("lot-7"));        // only the newest price waits
 * room.emit("price", price, Delivery.latest("lot-7").atMostEvery(Duration.ofMillis(250)));   // four a second, for all
 * }</pre>
 *
 * @param droppable whether the event is dropped if the outbox of a receiver is full; otherwise the receiver is closed
 * @param key only the newest event with this key waits in an outbox, at the position of the first; null for none
 * @param interval the time in which at most one event with this key is sent, also to clients that read fast; null for none
 */
public record Delivery(boolean droppable, String key, Duration interval) {
    /** Delivers every event in order. A receiver whose outbox is full is closed with 1013. The default. */
    public static final Delivery ALL = new Delivery(false, null, null);
    /** Drops the event for receivers whose outbox is full. */
    public static final Delivery DROPPABLE = new Delivery(true, null, null);

    /**
     * Keeps only the newest of the waiting events with this key, whatever their names. The event replaces a waiting one at its
     * position. If there is none and the outbox is full, the event is dropped.
     */
    public static Delivery latest(String key) {
        return new Delivery(true, key, null);
    }

    /**
     * Sends at most one event with the key in an interval, to the same receivers: the first at once, then the newest one at the
     * end of each interval. For values that change more often than anybody can read. The last value is always sent.
     *
     * @param time positive
     * @throws IllegalStateException if the delivery has no key
     * @throws IllegalArgumentException if the time is not positive
     */
    public Delivery atMostEvery(Duration time) {
        if (key == null) {
            throw new IllegalStateException("Only Delivery.latest(key) has an interval");
        }
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("The interval must be positive, not " + time);
        }
        return new Delivery(droppable, key, time);
    }
}
