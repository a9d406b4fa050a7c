package dev.hubbub;

import java.nio.ByteBuffer;
import java.time.Duration;
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
 * <p>A room needs no creation: it exists as long as it has members, and remembers its last events for a while, for clients
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
     * none before; the others are sent {@code joined}. A client that is a member already is sent {@code hello} again; the others
     * are sent {@code joined} again if its nick or its data has changed.
     *
     * @return completes when {@code hello} has been sent
     * @throws EventException {@code disconnected} if the client has disconnected, {@code too-large} or {@code invalid-data} for
     *     the nick or the data
     */
    CompletionStage<Void> join(Client client, Join join);

    /** Like {@link #join(Client, Join)}, with a nick; null for none. */
    default CompletionStage<Void> join(Client client, String nick) {
        return join(client, Join.as(nick));
    }

    /**
     * Like {@link #join(Client, Join)}, with a nick and data that the members see.
     *
     * @param memberData anything that JSON-B can write, at most 1,024 bytes as JSON; null for none
     */
    default CompletionStage<Void> join(Client client, String nick, Object memberData) {
        return join(client, Join.as(nick).with(memberData));
    }

    /** Like {@link #join(Client, Join)}, without a nick. */
    default CompletionStage<Void> join(Client client) {
        return join(client, Join.PLAIN);
    }

    /**
     * Adds a client as {@link #join(Client, Join)} does, if the room's policy and limits permit it. For handlers that let clients
     * choose the room.
     *
     * @throws EventException {@code forbidden} if the policy says so, whether or not the room has members; {@code too-large} if
     *     the client is in too many rooms or the room is full; and those of {@code join}
     */
    CompletionStage<Void> admit(Client client, Join join);

    /**
     * Removes a client; the others are sent {@code left}.
     *
     * @return false if it was not a member
     */
    boolean leave(Client client);

    /**
     * Removes a client against its will. It is sent {@code left} with {@code "reason": "expelled"}, the others {@code
     * left}. Only a policy keeps it from joining again.
     *
     * @return false if it was not a member
     */
    boolean expel(Client client);

    /**
     * Repeats a task as long as the room has members. Among several nodes, one of those that have started it runs it.
     *
     * @param name a timer of this name that the room has already is returned instead, so that each member that joins can start it
     * @param interval positive
     * @throws IllegalArgumentException if the interval is not positive
     * @throws IllegalStateException if the room has no members on this node, and no client is joining
     */
    Timer every(String name, Duration interval, Runnable task);

    /** Like {@link #every(String, Duration, Runnable)}, but each call starts another timer. */
    Timer every(Duration interval, Runnable task);

    /**
     * Sends an event to the members, and keeps it as the present value of a key: a client that joins later is sent the present values
     * after {@code hello}, in the order in which their keys were kept first. To members, it is delivered like {@link
     * Delivery#latest}. Values are kept whether or not the room has members, on this node, until they are replaced, forgotten or
     * Hubbub stops. A client that joins just when a value changes may get it twice.
     *
     * <pre>{@code
     * room.keep("price", "ACME", new Price("ACME", 42));
     * }</pre>
     *
     * @param name as for {@link #emit}
     * @param key names the value within the room and the event's name
     * @throws EventException {@code too-large} if the values of the room would fill more than half of an outbox
     */
    default void keep(String name, String key, Object data) {
        keep(name, key, data, null, null);
    }

    /** Like {@link #keep(String, String, Object)}, for a time after which the value is forgotten. */
    default void keep(String name, String key, Object data, Duration timeToLive) {
        keep(name, key, data, timeToLive, null);
    }

    /**
     * Like {@link #keep(String, String, Object)}, for a time, and at most once in an interval.
     *
     * @param timeToLive positive; null for ever
     * @param atMostEvery members are sent at most one value of the key in this time, as with {@link Delivery#atMostEvery}; null to
     *     send each one
     */
    void keep(String name, String key, Object data, Duration timeToLive, Duration atMostEvery);

    /**
     * Forgets a kept value. The members are not told.
     *
     * @return false if there was none
     */
    boolean forget(String name, String key);

    /** Whether a client is a member. Never waits. */
    boolean has(Client client);

    /** How many members there are. Never waits. */
    int size();

    /** The members in the order in which they joined. Never waits. */
    List<Member> members();

    /** The members that are connected to this node, in the order in which they joined. Never waits. */
    List<Client> clients();

    /** Like {@link #members()}, for a room that may have members only on other nodes. */
    CompletionStage<List<Member>> fetchMembers();

    /** Whether the room's policy permits a client to send events to the members. It need not be a member itself. */
    boolean mayPublish(Client client);

    /**
     * Publishes an event, and completes when the room has it.
     *
     * @return completes with the event's position, after the event was put into the outboxes of the members
     * @throws IllegalArgumentException if the name is empty or too long
     */
    default CompletionStage<Position> publish(String name, Object data) {
        return publish(name, data, List.of());
    }

    /**
     * Like {@link #publish(String, Object)}, with attachments, and to all members but some.
     *
     * @param attachments as for {@link #emit(String, Object, List, Delivery)}
     * @param except at most 117 clients
     */
    CompletionStage<Position> publish(String name, Object data, List<ByteBuffer> attachments, Client... except);

    /**
     * Like {@link #publish(String, Object, List, Client...)}, once for each key: an event with the key of an earlier one is not
     * published again, and the stage completes with the position of the earlier one. Keys are remembered for {@code
     * hubbub.log-age}. They belong to the room and the user: for a room of {@link Client#room} to the client's user, or to all
     * anonymous clients together; for a room of {@link Hub#room} to the application.
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
     * @param before null for the last events of the room. The page is empty if the room does not know the position
     * @param limit 1 to 1000 events. A page ends earlier when it has 256 KB, but has at least one event
     * @throws EventException {@code invalid-data} for the limit
     */
    CompletionStage<Page> history(Position before, int limit);

    /**
     * Like {@link #history(Position, int)}, if the room's policy permits a client to read it, and without the events from which
     * the client was excluded.
     *
     * @throws EventException {@code forbidden} if the client may not join the room, {@code not-in-room} if only members may read it
     */
    CompletionStage<Page> history(Client reader, Position before, int limit);

    /** The number of the last event that was published to the room; 0 if there was none, or the room is forgotten. */
    long position();

    /**
     * Deletes an event from the room's memory and history. If there was one, the members are sent {@code deleted} {@code {"room",
     * "position"}}.
     *
     * @return completes with false if there is no event at this position, when it is deleted for good
     */
    CompletionStage<Boolean> delete(Position position);

    /**
     * Deletes all events of the room from its memory and history. The members are told nothing.
     *
     * @return completes with how many there were, when they are deleted for good
     */
    CompletionStage<Long> deleteAll();
}
