package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Stores the events of durable rooms, so that they outlive the process. Every method can be called by any thread and returns at
 * once. A {@code room} is its namespace, a line feed and its name. A stage that fails does so with an {@code EventException}, whose
 * code is {@code unavailable} if the store cannot be reached.
 *
 * <p>The epochs of a room form a chain in the order in which they began. An event is missing only if its number is not above the
 * floor of its epoch; other holes are events that were deleted, or never acknowledged before a crash.
 */
public interface History extends AutoCloseable {
    /** The most events that a client is sent because it has missed them. */
    int MAX_MISSED = 1_000;

    /** @param name of a room, without the namespace */
    boolean isDurable(String name);

    /**
     * Begins an epoch, after all others of the room. Further calls with the same epoch have no effect.
     *
     * @param former the epoch before it, which is begun as well if it has not been; null if it is not known
     * @return completes when the epoch is stored, with the positions of events by their idempotency keys of the last day, the
     *     newest last
     */
    CompletionStage<List<KeyedPosition>> begin(String room, String former, String epoch);

    /** An event was not stored, because others may have read the end of its epoch already. It may be published again. */
    final class EndedEpochException extends EventException {
        private static final long serialVersionUID = 1L;

        public EndedEpochException() {
            super(UNAVAILABLE, "Redis has lost its data before the event was stored; try again");
        }
    }

    /** The position of an event that was published with a key. */
    record KeyedPosition(Source.KeyHash key, Position position) {}

    /**
     * Must be called before an event is published.
     *
     * @param bytes the size of the event's frame
     * @throws EventException {@code unavailable} if too many events wait for the store, or it has been away for too
     *     long; {@code too-large}
     */
    void requireAccepts(long bytes);

    /**
     * Stores an event, again and again until that succeeds. The epoch has begun.
     *
     * @return completes when the event is stored; fails with {@link EndedEpochException} if it is not, because the room has
     *     begun another epoch meanwhile
     */
    CompletionStage<Void> append(String room, Broker.StoredEvent event, Source source);

    /**
     * Reads what was published after a position, as {@link Broker#since}.
     *
     * @param now where the room is: later events are left out. Null if it is not open
     */
    CompletionStage<Broker.HistoryRead> since(String room, Map<String, Long> seen, Position now, int limit);

    /**
     * Reads the last events before a position, as {@link Broker#before}.
     *
     * @param now where the room is: later events are left out. Null if it is not open
     */
    CompletionStage<Broker.HistoryPage> before(String room, Position before, Position now, int limit);

    /** Deletes an event. @return completes with false if there is none at this position */
    CompletionStage<Boolean> delete(String room, Position position);

    /** Deletes all events of a room. @return completes with how many there were */
    CompletionStage<Long> deleteRoom(String room);

    /** Deletes all events that an authenticated user has sent, in every room. @return completes with how many there were */
    CompletionStage<Long> deleteUser(String user);

    /** Stores what waits, for a few seconds at most, and ends. */
    @Override
    void close();
}
