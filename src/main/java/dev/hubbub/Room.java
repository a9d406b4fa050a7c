package dev.hubbub;

import java.util.List;

/**
 * A named group of clients. It exists as long as it has members, and a little longer for those who come back: joining
 * makes it, the last to leave ends it. A {@code Room} can be kept and used at any time, also while nobody is in it.
 *
 * <p>All members see the room's events in the same order, and each member's own events in the order that it sent them.
 */
public interface Room extends Group {
    /** 1 to 128 characters. */
    String name();

    /**
     * Lets a client in. It is sent {@code hello} with the members and the room's position, then every event after that
     * position and none before; the others are sent {@code joined}. Who is in already gets {@code hello} again.
     *
     * @param nick shown to the members, at most 64 characters; null for none
     * @throws EventException {@code disconnected} if the client has gone, {@code too-large} if the nick is
     */
    void join(Client client, String nick);

    /**
     * As {@link #join(Client, String)}, for a client that wants to be able to come back: from now on the events of rooms
     * carry their {@code position}. A client that comes back is sent what it has missed after {@code hello}, which says
     * {@code "recovered": true}; or {@code false}, if some of that is forgotten.
     *
     * @param since the last position that it has seen, or several with commas between, of which that of this room counts;
     *     empty for who comes for the first time
     */
    void join(Client client, String nick, String since);

    /** As {@link #join(Client, String)}, without a nick. */
    default void join(Client client) {
        join(client, null);
    }

    /**
     * Lets a client out; the others are sent {@code left}.
     *
     * @return false if it was not in
     */
    boolean leave(Client client);

    boolean has(Client client);

    /**
     * Lets a client in as {@link #join(Client, String, String)} does, if it may: for handlers that take a client's word for
     * where to go.
     *
     * @param since null for a client that does not come back
     * @throws EventException {@code forbidden} if the room's policy says so, whether or not there is such a room; and as the
     *     others
     */
    void admit(Client client, String nick, String since);

    /** Whether a client may send events to the members, by the room's policy; it may be no member. */
    boolean mayPublish(Client client);

    /** Who is in, in the order of joining. */
    List<Member> members();

    /** How many events this room has seen since it began; 0 while there is none of it. */
    long position();
}
