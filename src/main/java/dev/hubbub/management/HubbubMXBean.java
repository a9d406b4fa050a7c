package dev.hubbub.management;

import java.util.Map;

/**
 * The MBean of one running Hubbub, {@code dev.hubbub:type=Hubbub,context="/hubbub"}. All numbers include all namespaces.
 * Counters of events and connections count since the start.
 */
public interface HubbubMXBean {
    @Description("up, or draining while new connections are rejected.")
    String getStatus();

    @Description("Milliseconds since the start.")
    long getUptime();

    @Description("Connected clients.")
    int getClients();

    @Description("Rooms that have members.")
    int getRooms();

    @Description("Events waiting in the outboxes of all clients.")
    long getWaitingEvents();

    @Description("Droppable events that were dropped because of a full outbox.")
    long getDroppedEvents();

    @Description("Waiting events that were replaced by a newer event with the same key.")
    long getReplacedEvents();

    @Description("Clients that were closed with 1013 because they read too slowly.")
    long getClosedAsTooSlow();

    @Description("Events that were answered with an error.")
    long getRefusedEvents();

    @Description("Refused events that exceeded the rate limit of their client; included in getRefusedEvents.")
    long getRateLimitedEvents();

    @Description("Rejected connections by the limit that rejected them: server, address, user, handshakes, admissions.")
    Map<String, Long> getRefusedConnections();

    @Description("The number of handled events by event name.")
    Map<String, Long> getHandledEvents();

    @Description("The tasks that wait for a thread or run, by executor: scheduler, writers, closers, application.")
    Map<String, Long> getQueuedTasks();

    @Description("The value and the source of every setting.")
    Map<String, String> getSettings();

    /**
     * The rooms with the most members.
     *
     * @param limit the maximum of rooms, 1 to 100
     * @return the number of members by room name; in other namespaces than the main one, the name follows that of the namespace
     */
    @Description("The rooms with the most members.")
    Map<String, Integer> largestRooms(int limit);

    /**
     * The clients with the most events waiting in their outboxes.
     *
     * @param limit the maximum of clients, 1 to 100
     * @return the number of waiting events by id and address of the client
     */
    @Description("The clients with the most events waiting in their outboxes.")
    Map<String, Integer> slowestClients(int limit);

    /**
     * Closes a client with 1008.
     *
     * @return false if no client has this id
     */
    @Description("Closes a client with 1008.")
    boolean closeClient(String id, String reason);

    /**
     * Rejects connections of an authenticated user for a time, and closes the clients that the user has.
     *
     * @param minutes 1 to 10080, a week
     * @return the number of clients closed
     */
    @Description("Rejects connections of an authenticated user for a time, and closes the clients that the user has.")
    int banUser(String user, int minutes, String reason);

    @Description("As banUser, of an address as the log shows it.")
    int banAddress(String address, int minutes, String reason);

    /**
     * Ends a ban.
     *
     * @return false if there is none of this user or address
     */
    @Description("Ends a ban.")
    boolean unban(String userOrAddress);

    @Description("The end of each ban, by user or address.")
    Map<String, String> getBans();

    /**
     * Removes all members from a room. Each is sent {@code left} with the reason {@code expelled}.
     *
     * @param room as {@link #largestRooms} names it
     * @return the number of members removed
     */
    @Description("Removes all members from a room. Each is sent left with the reason expelled.")
    int clearRoom(String room);

    /**
     * Deletes an event of a room of the main namespace from memory and history. The members are sent {@code deleted}.
     *
     * @param position as clients see it: {@code <epoch>.<number>}
     * @return false if there is no such event
     */
    @Description(
            "Deletes an event of a room of the main namespace from memory and history. The members are sent deleted.")
    boolean deleteEvent(String room, String position);

    /**
     * Deletes all events of a room of the main namespace from memory and history.
     *
     * @return how many there were
     */
    @Description("Deletes all events of a room of the main namespace from memory and history.")
    long deleteEventsOfRoom(String room);

    /**
     * Deletes all events that an authenticated user has sent, in every room and namespace.
     *
     * @return how many were in the history
     */
    @Description("Deletes all events that an authenticated user has sent, in every room and namespace.")
    long deleteEventsOfUser(String user);

    /**
     * Changes a setting without a restart, until the next one: limits of connections, events and rooms, the
     * allowed origins, and the keys of the HTTP API.
     *
     * @param value as in the configuration; null for the configured value
     * @return the value and its source from now on
     */
    @Description(
            "Changes a limit, the allowed origins or the API keys until the next start. null: the configured value.")
    String changeSetting(String name, String value);

    @Description("Sends the event notice with {'text'} to all clients.")
    void sendNotice(String text);

    @Description(
            "Rejects new connections and disconnects all clients, in the background. /health answers 503 from now on.")
    void drain();

    @Description("Accepts connections again after drain.")
    void reopen();
}
