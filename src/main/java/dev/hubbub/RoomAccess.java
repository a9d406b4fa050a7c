package dev.hubbub;

import java.util.Map;

/**
 * Decides what clients may do in the rooms of a {@link RoomPolicy}. It is called for requests of clients on every transport.
 * It is not called for what a handler does by itself, such as {@link Room#join}.
 *
 * <p>The methods are called often and by many threads at the same time, so they should not block for long.
 */
public interface RoomAccess {
    /**
     * Whether a client may join the room.
     *
     * @param parts the parts of the room's name, by their names in the pattern
     */
    boolean mayJoin(Client client, Map<String, String> parts);

    /** Whether a member may send events to the room, for example {@code message}. */
    default boolean mayPublish(Client client, Map<String, String> parts) {
        return true;
    }

    /** Whether a client that is no member may read the room's earlier events, if it may join the room. Members always may. */
    default boolean mayReadHistory(Client client, Map<String, String> parts) {
        return false;
    }

    /** Whether a member is told the other members. */
    default boolean maySeeMembers(Client client, Map<String, String> parts) {
        return true;
    }
}
