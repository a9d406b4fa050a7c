package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

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
 * </ul>
 */
public interface Broker {
    /** The most clients that one event can exclude: a cluster sends their ids with the event. */
    int MAX_EXCLUDED = 117;

    /**
     * Publishes an event to one room.
     *
     * @param except ids of clients that do not get it, at most {@link #MAX_EXCLUDED}
     * @return completes with the event's position when the room has the event, after it was delivered to the members here. For a
     *     droppable event it is the position of the event before it
     */
    CompletionStage<Position> publish(String room, Frame event, Set<String> except);

    /**
     * Publishes an event to several rooms. It has one place in the order of each, and a client in several of them gets it once.
     *
     * @return completes with the positions by room
     */
    CompletionStage<Map<String, Position>> publish(Collection<String> rooms, Frame event, Set<String> except);

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
     * @param epoch as the client knows it
     * @param number of the last event that the client has seen
     * @param limit the most events to return
     */
    CompletionStage<HistoryRead> since(String room, String epoch, long number, int limit);

    /** Where a room is now; null if it is not known. Does not wait: it may be behind in a cluster. */
    Position position(String room);

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
    }

    /**
     * An event as the broker remembers it.
     *
     * @param event with its position
     * @param except ids of clients that do not get it
     * @param elsewhere positions of the same event in other rooms: a client that was in one of them got it there
     */
    record StoredEvent(Frame event, Set<String> except, List<Position> elsewhere) {}

    /**
     * What was published after a position.
     *
     * @param events in order; null if some of them are not remembered, or the position is not of the room's present epoch
     * @param position where the room is now; null if the room is not known
     */
    record HistoryRead(List<StoredEvent> events, Position position) {}
}
