package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Owns the order and the memory of the rooms of one namespace: it gives each published event its position, keeps it, and hands
 * it to the room wherever the room is open. It knows no members; a {@link Follower} delivers to them.
 *
 * <p>Contract, which {@code BrokerContract} tests for each implementation:
 *
 * <ul>
 *   <li>Position, memory and delivery of an event are atomic for its room. Events of one publisher keep their order.
 *   <li>A follower is called in the order of its room, never by two threads at once. It must not block and must not call the
 *       broker.
 *   <li>Only events that are not {@linkplain dev.hubbub.Delivery#droppable() droppable} have a position and are kept. Droppable
 *       events are delivered in order with the others.
 *   <li>A room's epoch does not depend on whether the room is open: an event that is published while nobody follows is the
 *       room's next event. A room that was neither open nor published to for the age of its memory is forgotten, and begins with
 *       another epoch.
 *   <li>Of events with the same idempotency key of one user in one room, only the first is published, and all have its position.
 *       A broker remembers keys for the age of its memory.
 * </ul>
 */
public interface Broker {
    /** The most clients that one event can exclude: a cluster sends their ids with the event. */
    int MAX_EXCLUDED = 117;

    /**
     * Publishes an event to one room.
     *
     * @param except ids of clients that do not get it, and marks of their users, see {@link Exclusion}; together at most {@link
     *     #MAX_EXCLUDED}
     * @param source whose event it is, and its idempotency key
     * @return completes with the event's position when the room has the event, after it was delivered to the members here. For a
     *     droppable event it is the position of the event before it
     */
    CompletionStage<Position> publish(String room, Frame event, Set<String> except, Source source);

    /**
     * Publishes an event to several rooms. It has one place in the order of each, and a client in several of them gets it once. A
     * room that had an event with the same key gets nothing.
     *
     * @return completes with the positions by room
     */
    CompletionStage<Map<String, Position>> publish(
            Collection<String> rooms, Frame event, Set<String> except, Source source);

    /**
     * From now on the follower gets the room's events. It replaces a former follower of the room.
     *
     * @return completes after {@link Follower#opened} has been called
     */
    CompletionStage<Void> open(String room, Follower follower);

    /** The follower gets no more events. Does nothing if another follower has replaced it. */
    void close(String room, Follower follower);

    /**
     * Reads what was published after a position.
     *
     * @param seen positions that the client has seen last, in any rooms: numbers by epoch. Of several epochs of this room, the
     *     newest counts
     * @param limit the most events to return
     */
    CompletionStage<HistoryRead> since(String room, Map<String, Long> seen, int limit);

    /**
     * Reads the last events before a position.
     *
     * @param before null for the last events of the room
     * @param limit the most events to return, at least 1
     */
    CompletionStage<HistoryPage> before(String room, Position before, int limit);

    /** Deletes an event. @return completes with false if there is none at this position */
    CompletionStage<Boolean> delete(String room, Position position);

    /** Deletes all events of a room. @return completes with how many there were */
    CompletionStage<Long> deleteAll(String room);

    /** Forgets the events of all rooms in memory, because some of them were deleted from where they are stored. */
    CompletionStage<Void> forgetEvents();

    /** Where a room is now; null if it is not known. Does not wait: it may be behind in a cluster. */
    Position position(String room);

    /**
     * Tells the other nodes, if there can be some, of a change of the members of this node. Does not wait; may be called with a
     * follower's locks.
     *
     * @param change asked before this method returns, or not at all
     */
    default void announce(String room, Supplier<MemberChange> change) {}

    /**
     * Keeps a place in a room for a client that is about to join, until its membership is announced: the members of all nodes
     * together must not be more than the room takes. A place that is not used is free again after a minute.
     *
     * @param max the most members
     * @return fails with {@code too-large} if the room is full, and with {@code unavailable}; null if there are no other nodes, so
     *     that the room on this one decides
     */
    default CompletionStage<Void> reserve(String room, String client, int max) {
        return null;
    }

    /** The client does not join after all. */
    default void cancelReservation(String room, String client) {}

    /**
     * A member of a room as other nodes know it.
     *
     * @param json the member as {@code hello} lists it; null if it has left
     * @param mayReturn whether it may return if it is lost
     */
    record MemberChange(String id, String json, boolean mayReturn) {}

    /** Delivers the events of one room to its members on this node. */
    interface Follower {
        /** The room is open: the next event delivered is the one after this position. */
        void opened(Position position);

        /**
         * Delivers an event.
         *
         * @param event with its position, or without one if it is droppable
         * @param except ids of clients that do not get it
         * @param reached null for an event to one room; otherwise ids of clients that have got the event in another room and do
         *     not get it again: those that get it now are to be added
         * @return what the broker has to run after it has released its locks, to write the outboxes; null for nothing
         */
        Runnable deliver(Frame event, Set<String> except, Set<String> reached);

        /**
         * Members on other nodes have changed.
         *
         * @param changes null if there are too many members to tell each of each
         * @param count how many members other nodes have now
         * @return as {@link #deliver}
         */
        default Runnable elsewhere(List<MemberChange> changes, int count) {
            return null;
        }

        /** Events up to this position could not be delivered and cannot be read any more. @return as {@link #deliver} */
        default Runnable lost(Position position) {
            return null;
        }

        /** Members, on all nodes, beyond which only their number is told. */
        default int presenceLimit() {
            return Integer.MAX_VALUE;
        }
    }

    /**
     * An event as the broker remembers it.
     *
     * @param event with its position
     * @param except whom it is kept from, see {@link Exclusion}
     * @param elsewhere positions of the same event in other rooms: a client that was in one of them got it there
     * @param at when it was published, in milliseconds since 1970
     */
    record StoredEvent(Frame event, Set<String> except, List<Position> elsewhere, long at) {}

    /**
     * What was published after a position.
     *
     * @param events in order; null if some of them are not remembered, or no position that the client has seen is one of the room
     * @param from the position that counted; null if there is none
     * @param position where the room is now; null if the room is not known
     */
    record HistoryRead(List<StoredEvent> events, Position from, Position position) {
        /** Nothing is known. */
        public static final HistoryRead UNKNOWN = new HistoryRead(null, null, null);
    }

    /**
     * What was published before a position.
     *
     * @param events in order
     * @param more whether earlier events are remembered
     * @param position where the room was when it was read; null if the room is not known
     */
    record HistoryPage(List<StoredEvent> events, boolean more, Position position) {}
}
