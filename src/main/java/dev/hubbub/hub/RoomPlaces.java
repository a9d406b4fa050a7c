package dev.hubbub.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The places in a room that takes a limited number of members, on all nodes together. */
record RoomPlaces(Rooms rooms, String name) {
    /** Up to this size a room is exactly limited; more members than half of a greater one do not come in one moment. */
    private static final int SMALL = 1_000;

    /**
     * Has a client join when it has a place.
     *
     * @param joining joins; the room on this node is asked for a place once more
     */
    CompletionStage<Void> take(LocalClient client, int max, Supplier<CompletionStage<Void>> joining) {
        CompletionStage<Void> place =
                hasPlenty(client, max) ? null : rooms.broker().reserve(name, client.id(), max);
        if (place == null) {
            return joining.get();
        }
        client.mailbox().hold();
        return place.thenCompose(nothing -> joined(joining).whenComplete((joined, failure) -> {
                    if (failure != null) {
                        rooms.broker().cancelReservation(name, client.id());
                    }
                }))
                .whenComplete((nothing, failure) -> client.mailbox().release());
    }

    private static CompletionStage<Void> joined(Supplier<CompletionStage<Void>> joining) {
        try {
            return joining.get();
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Whether the client needs no place, or there are many. */
    private boolean hasPlenty(LocalClient client, int max) {
        if (max == Integer.MAX_VALUE) {
            return true;
        }
        RoomState room = rooms.find(name);
        return room != null && room.isOpen() && (room.shows(client) || (max > SMALL && room.size() < max / 2));
    }
}
