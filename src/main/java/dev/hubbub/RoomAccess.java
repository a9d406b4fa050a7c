package dev.hubbub;

import java.util.Map;

/**
 * Decides what clients may do in some rooms; see {@link RoomPolicy}. It is asked for what clients want by themselves, by
 * whatever transport; what a handler does, such as {@link Room#join}, is the handler's own decision.
 *
 * <p>Called often and by many threads at once; it should not wait for long.
 */
public interface RoomAccess {
    /**
     * @param parts of the room's name, by the names that the pattern gives them
     */
    boolean mayJoin(Client client, Map<String, String> parts);

    /** Whether a member may send events to the room, as by {@code message}. */
    default boolean mayPublish(Client client, Map<String, String> parts) {
        return true;
    }

    /** Whether a member is told who else is in. */
    default boolean maySeeMembers(Client client, Map<String, String> parts) {
        return true;
    }
}
