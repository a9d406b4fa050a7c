package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Room;

/** Where a {@link Tap} can show events. */
public final class TapPoints {
    private TapPoints() {}

    /** Begins to show the events of a room of this node, or returns what shows them already; null if the room is not open. */
    public static Tap begin(Room room) {
        RoomState state = room instanceof LocalRoom local ? local.rooms().find(local.name()) : null;
        if (state == null) {
            return null;
        }
        Tap present = state.tap;
        Tap tap = present == null ? new Tap(() -> state.tap = null) : present;
        state.tap = tap;
        return tap;
    }

    /** Begins to show the events that a client of this node sends, or returns what shows them already. */
    public static Tap begin(Client client) {
        LocalClient local = (LocalClient) client;
        Tap present = local.tap;
        Tap tap = present == null ? new Tap(() -> local.tap = null) : present;
        local.tap = tap;
        return tap;
    }
}
