package dev.hubbub.management;

import java.util.Map;

/**
 * The MBean of one running Hubbub, {@code dev.hubbub:type=Hubbub,context="/hubbub"}. All numbers include all namespaces.
 * Counters of events and connections count since the start.
 */
public interface HubbubMXBean {
    /** {@code up}, or {@code draining} while new connections are rejected. */
    String getStatus();

    /** Milliseconds since the start. */
    long getUptime();

    /** Connected clients. */
    int getClients();

    /** Rooms that have members. */
    int getRooms();

    /** Events waiting in the outboxes of all clients. */
    long getWaitingEvents();

    /** Droppable events that were dropped because of a full outbox. */
    long getDroppedEvents();

    /** Waiting events that were replaced by a newer event with the same key. */
    long getReplacedEvents();

    /** Clients that were closed with 1013 because they read too slowly. */
    long getClosedAsTooSlow();

    /** Events that were answered with an error. */
    long getRefusedEvents();

    /** Refused events that exceeded the rate limit of their client; included in {@link #getRefusedEvents}. */
    long getRateLimitedEvents();

    /** Rejected connections by the limit that rejected them: server, address, user, handshakes, admissions. */
    Map<String, Long> getRefusedConnections();

    /** The number of handled events by event name. */
    Map<String, Long> getHandledEvents();

    /** The tasks that wait for a thread or run, by executor: {@code scheduler, writers, closers, application}. */
    Map<String, Long> getQueuedTasks();

    /** The value and the source of every setting. */
    Map<String, String> getSettings();

    /**
     * The rooms with the most members.
     *
     * @param limit the maximum of rooms
     * @return the number of members by room name; in other namespaces than the main one, the name follows that of the namespace
     */
    Map<String, Integer> largestRooms(int limit);

    /**
     * The clients with the most events waiting in their outboxes.
     *
     * @param limit the maximum of clients
     * @return the number of waiting events by id and address of the client
     */
    Map<String, Integer> slowestClients(int limit);

    /**
     * Closes a client with 1008.
     *
     * @return false if no client has this id
     */
    boolean closeClient(String id, String reason);

    /**
     * Removes all members from a room of the main namespace. Each is sent {@code left}.
     *
     * @return the number of members removed
     */
    int clearRoom(String room);

    /**
     * Deletes an event of a room of the main namespace from memory and history. The members are sent {@code deleted}.
     *
     * @param position as clients see it: {@code <epoch>.<number>}
     * @return false if there is no such event
     */
    boolean deleteEvent(String room, String position);

    /**
     * Deletes all events of a room of the main namespace from memory and history.
     *
     * @return how many there were
     */
    long deleteEventsOfRoom(String room);

    /**
     * Deletes all events that an authenticated user has sent, in every room and namespace.
     *
     * @return how many were in the history
     */
    long deleteEventsOfUser(String user);

    /** Sends the event {@code notice} with {@code {"text"}} to all clients. */
    void sendNotice(String text);

    /** Rejects new connections and disconnects all clients, in the background. {@code /health} answers 503 from now on. */
    void drain();

    /** Accepts connections again after {@link #drain}. */
    void reopen();
}
