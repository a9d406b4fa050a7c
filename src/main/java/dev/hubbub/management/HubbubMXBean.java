package dev.hubbub.management;

import java.util.Map;

/**
 * One running Hubbub, as {@code dev.hubbub:type=Hubbub,context="/hubbub"}. Counts are of all namespaces, and since the start
 * where they count what has happened.
 */
public interface HubbubMXBean {
    /** {@code up}, or {@code draining} when nobody is let in any more. */
    String getStatus();

    /** Milliseconds since the start. */
    long getUptime();

    int getClients();

    int getRooms();

    /** Events that wait in the outboxes of all clients. */
    long getWaitingEvents();

    /** Droppable events that found a full outbox. */
    long getDroppedEvents();

    /** Events that gave way to a newer one of their key. */
    long getReplacedEvents();

    /** Clients closed with 1013. */
    long getClosedAsTooSlow();

    /** Events answered by an error. */
    long getRefusedEvents();

    /** Of those, the ones of clients that sent too many. */
    long getRateLimitedEvents();

    /** Connections that could not be made, by the limit that stood in the way: server, address, user, handshakes, admissions. */
    Map<String, Long> getRefusedConnections();

    /** The event names that are handled, each with how often. */
    Map<String, Long> getHandledEvents();

    /** The value of every setting and where it is from. */
    Map<String, String> getSettings();

    /**
     * The rooms with most members.
     *
     * @param most how many of them
     * @return by name, those of other namespaces with it in front; with their members
     */
    Map<String, Integer> largestRooms(int most);

    /**
     * The clients for whom most events wait.
     *
     * @param most how many of them
     * @return by id and address, with what waits
     */
    Map<String, Integer> slowestClients(int most);

    /**
     * Closes a client with 1008.
     *
     * @return false if there is none with this id
     */
    boolean closeClient(String id, String reason);

    /**
     * Lets all out of a room of the main namespace; they are told by {@code left}.
     *
     * @return how many were in
     */
    int clearRoom(String room);

    /** Sends everybody the event {@code notice} {@code {"text"}}. */
    void sendNotice(String text);

    /** Lets nobody in any more and sends all clients away, in the background; {@code /health} answers 503 from now on. */
    void drain();

    /** Lets clients in again after {@link #drain}. */
    void reopen();
}
