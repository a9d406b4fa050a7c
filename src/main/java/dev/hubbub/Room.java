package dev.hubbub;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A named group of clients.
 *
 * <pre>{@code
 * Room lot = hub.room("lot-7");
 * lot.join(client, "Kim");                                      // the client is sent hello, the others joined
 * lot.emit("price", 42);                                        // to all members
 * lot.publish("bid", bid).thenAccept(position -> ...);          // the same, and says when the room has the event
 * }</pre>
 *
 * <p>A room needs no creation: it is there as long as it has members, and it remembers its last events for a while for clients
 * that return. A {@code Room} object can be kept and used at any time.
 *
 * <p>All members see the events of a room in the same order, and the events of one sender in the order in which it sent them.
 *
 * <p>Methods that return a stage throw an {@link EventException} if they fail at once; a later failure completes the stage
 * exceptionally. Events that the client sends meanwhile wait until the stage has completed.
 */
public interface Room extends Group {
    /** 1 to 128 characters, none of them a control character. */
    String name();

    /**
     * Adds a client. It is sent {@code hello} with the members and the room's position, then every event after that position and
     * none before; the others are sent {@code joined}. A client that is a member already is sent {@code hello} again.
     *
     * @param nick shown to the members, at most 64 characters without control characters; null for none
     * @return completes when {@code hello} has been sent
     * @throws EventException {@code disconnected} if the client has disconnected, {@code too-large} or {@code invalid-data} for
     *     the nick
     */
    CompletionStage<Void> join(Client client, String nick);

    /**
     * As {@link #join(Client, String)}, for a client that wants to return after a loss: from now on events of rooms carry their
     * {@code position}. A client that returns is sent what it has missed after {@code hello}, which says {@code "recovered":
     * true}; or {@code false}, if some of it is not remembered.
     *
     * @param since the positions that it has seen last, in any rooms, separated by commas; empty if it comes for the first time
     */
    CompletionStage<Void> join(Client client, String nick, String since);

    /**
     * As {@link #join(Client, String, String)}, and the client is sent the last events of the room after {@code hello}, each with
     * its {@code position} and the member {@code at}, the time of its publication in milliseconds since 1970. What it has missed
     * takes precedence, if all of that is remembered. A client that is a member already is sent no earlier events.
     *
     * @param since null or empty if the client comes for the first time
     * @param last 0 to 1000 events; fewer are sent if the room remembers fewer, or they would fill more than half of the client's
     *     outbox
     * @throws EventException {@code invalid-data} for {@code last}, and as {@link #join(Client, String)}
     */
    CompletionStage<Void> join(Client client, String nick, String since, int last);

    /** As {@link #join(Client, String)}, without a nick. */
    default CompletionStage<Void> join(Client client) {
        return join(client, null);
    }

    /**
     * Adds a client as {@link #join(Client, String, String)} does, if the room's policy and limits permit it. For handlers that
     * let clients choose the room.
     *
     * @param since null for a client that does not want to return
     * @throws EventException {@code forbidden} if the policy says so, whether or not the room has members; {@code too-large} if
     *     the client is in too many rooms or the room is full; and as {@code join}
     */
    CompletionStage<Void> admit(Client client, String nick, String since);

    /** As {@link #admit(Client, String, String)} and {@link #join(Client, String, String, int)}. */
    CompletionStage<Void> admit(Client client, String nick, String since, int last);

    /**
     * Removes a client; the others are sent {@code left}.
     *
     * @return false if it was no member
     */
    boolean leave(Client client);

    /** Whether a client is a member. Never waits. */
    boolean has(Client client);

    /** How many members there are. Never waits. */
    int size();

    /** The members in the order in which they joined. Never waits. */
    List<Member> members();

    /** As {@link #members()}, for a room that may have members on other nodes only. */
    CompletionStage<List<Member>> fetchMembers();

    /** Whether the room's policy permits a client to send events to the members; it may be no member. */
    boolean mayPublish(Client client);

    /**
     * Publishes an event and says when the room has it.
     *
     * @return completes with the event's position, after the event was put into the outboxes of the members
     * @throws IllegalArgumentException if the name is empty or too long
     */
    default CompletionStage<Position> publish(String name, Object data) {
        return publish(name, data, List.of());
    }

    /**
     * As {@link #publish(String, Object)}, with attachments and without some clients.
     *
     * @param attachments as for {@link #emit(String, Object, List, Delivery)}
     * @param except at most 117 clients
     */
    CompletionStage<Position> publish(String name, Object data, List<ByteBuffer> attachments, Client... except);

    /**
     * As {@link #publish(String, Object, List, Client...)}, once for each key: an event with the key of an earlier one is not
     * published again, and the stage completes with the position of the earlier one. Keys are remembered for {@code
     * hubbub.log-age}. They count for the room and the user: for a room of {@link Client#room} the client's user, and all
     * anonymous clients together; for a room of {@link Hub#room} the application.
     *
     * <pre>{@code
     * @OnEvent("bid") CompletionStage<Position> bid(Room room, Event event) {
     *     return room.publish("bid", event.data(), List.of(), event.key());
     * }
     * }</pre>
     *
     * @param key 1 to 128 characters, see {@link Event#key()}; null for none
     * @throws IllegalArgumentException if the name or the key is empty or too long
     */
    CompletionStage<Position> publish(
            String name, Object data, List<ByteBuffer> attachments, String key, Client... except);

    /**
     * Reads earlier events, the newest ones before a position.
     *
     * @param before null for the last events of the room. Nothing is before a position that the room does not know
     * @param limit 1 to 1000 events. A page ends earlier when it has 256 KB, but has at least one event
     * @throws EventException {@code invalid-data} for the limit
     */
    CompletionStage<Page> history(Position before, int limit);

    /**
     * As {@link #history(Position, int)}, if the room's policy permits a client to read it, and without events that it was
     * excluded from.
     *
     * @throws EventException {@code forbidden} if the client may not join the room, {@code not-in-room} if it may read it only as a
     *     member
     */
    CompletionStage<Page> history(Client reader, Position before, int limit);

    /** The number of the last event that was published to the room; 0 if there was none, or the room is forgotten. */
    long position();
}
