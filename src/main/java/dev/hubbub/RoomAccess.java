package dev.hubbub;

import java.util.Map;

/**
 * Decides what clients may do in the rooms of a {@link RoomPolicy}. It is called for requests of clients on every transport.
 * It is not called for what a handler does by itself, such as {@link Room#join}.
 *
 * <pre>{@code
 * @RoomPolicy("room-{id}")
 * public class Passwords implements RoomAccess {
 *     public boolean mayJoin(Client client, Map<String, String> parts, Join join) {
 *         return rooms.password(parts.get("id")).equals(join.request().string("password"));
 *     }
 *     public boolean mayJoin(Client client, Map<String, String> parts) { return true; }   // members may stay
 *     public int maxMembers(Map<String, String> parts) { return 8; }
 * }
 * }</pre>
 *
 * <p>The methods are called often and by many threads at the same time, so they should not block for long.
 */
public interface RoomAccess {
    /**
     * Whether a client may be in the room. It is asked again when the identity of a member has changed, or when a lost client
     * returns to its rooms; a member that may not be there leaves.
     *
     * @param parts the parts of the room's name, by their names in the pattern
     */
    boolean mayJoin(Client client, Map<String, String> parts);

    /**
     * Whether a client may join the room, if that depends on what it sends, such as a password.
     *
     * @param join the nick, the data and everything else that the client has sent with {@code join}
     * @throws EventException to answer with an error other than {@code forbidden}
     */
    default boolean mayJoin(Client client, Map<String, String> parts, Join join) {
        return mayJoin(client, parts);
    }

    /**
     * The maximum number of members of the room. A client that joins a full room is answered {@code too-large}. Members that were lost and may
     * return count. {@code hubbub.max-members} limits it further.
     */
    default int maxMembers(Map<String, String> parts) {
        return Integer.MAX_VALUE;
    }

    /** Whether a member may send events to the room, for example {@code message}. */
    default boolean mayPublish(Client client, Map<String, String> parts) {
        return true;
    }

    /** Whether a client that is not a member may read the room's earlier events, if it may join the room. Members always may. */
    default boolean mayReadHistory(Client client, Map<String, String> parts) {
        return false;
    }

    /** Whether a member is told the other members. */
    default boolean maySeeMembers(Client client, Map<String, String> parts) {
        return true;
    }
}
