package dev.hubbub;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * All clients and rooms of one namespace. As an {@link Audience} it is every connected client.
 *
 * <pre>{@code
 * hub.emit("news", text);                                       // to everyone
 * hub.room("lot-7").emit("price", 42);                          // to the members of a room
 * hub.user("kim").emit("order-shipped", order);                 // to all browsers of a user
 * hub.namespace("/admin").emit("order", order);                 // to the clients of another namespace
 * hub.remote(id).close(1008, "Your account was closed");        // a client by its id
 * }</pre>
 *
 * <p>A handler gets the hub as a parameter. Other code of the application, such as a servlet, a resource, a scheduled task or a thread
 * of its own, gets the hub of the main namespace with {@code @Inject Hub} where CDI is available and with {@link
 * #of(ServletContext)} elsewhere. All methods may be called by any thread.
 */
public interface Hub extends Group {
    /**
     * The hub of the main namespace, for code that is not a handler: {@code Hub.of(getServletContext())} in a servlet.
     *
     * @throws IllegalStateException if the hub has not started yet (the earliest use is a method with {@link OnStart}), has
     *     stopped, or is not part of this application; the message says which. After the stop, all methods of the returned hub
     *     throw it, too
     */
    static Hub of(ServletContext context) {
        Object hub = context.getAttribute(Hub.class.getName());
        if (hub instanceof Hub found) {
            return found.namespace(Namespace.MAIN);
        }
        throw new IllegalStateException(
                hub == null
                        ? "Hubbub is not part of this application: its jar is not in WEB-INF/lib, or was not initialized"
                        : "This class uses another copy of the Hubbub jar than the application does; only WEB-INF/lib may"
                                + " contain it");
    }

    /** @throws EventException {@code invalid-data} if the name does not have 1 to 128 characters, or has control characters */
    Room room(String name);

    /** The members of these rooms. A client that is in several of them gets an event once. */
    Group rooms(String... names);

    /**
     * All clients of an authenticated user: each browser tab and device with which the user is connected now or will be when an
     * event is sent.
     *
     * @param name the name of the user's principal, see {@link Identity#name()}; an unknown user has no clients
     */
    Group user(String name);

    /** The names of the rooms that have members, as a snapshot. */
    Collection<String> roomNames();

    /** The client with this id; empty if it is not connected to this node. */
    Optional<Client> client(String id);

    /** The client with this id, if it is connected; see {@link ClientRef}. */
    ClientRef remote(String id);

    /**
     * Sends events when the transaction of the calling thread has committed, and never when it is rolled back:
     * {@code hub.afterCommit().room("orders").emit("order", order)}. Without a transaction, they are sent at once.
     */
    AfterCommit afterCommit();

    /**
     * The hub of another namespace.
     *
     * @param name as in {@link Namespace}
     * @throws IllegalArgumentException if there is no such namespace: no handler class belongs to it
     */
    Hub namespace(String name);

    /**
     * Repeats a task until Hubbub stops; among several nodes, on each one.
     *
     * @param interval positive
     * @throws IllegalArgumentException if the interval is not positive
     */
    Timer every(Duration interval, Runnable task);

    /**
     * Repeats a task until Hubbub stops; among several nodes, on one of those that have started it.
     *
     * @param name the same on all nodes; a timer of this name that has been started on this node is returned instead
     * @param interval positive
     * @throws IllegalArgumentException if the interval is not positive
     */
    Timer everyOnOneNode(String name, Duration interval, Runnable task);

    /** How many clients are connected. */
    int size();

    /**
     * Deletes all events that an authenticated user has sent from the history, in every room and namespace, and all events from
     * the memory of rooms. The members of the rooms are told nothing.
     *
     * @return completes with how many were in the history, when they are deleted for good
     */
    CompletionStage<Long> deleteEventsOf(String user);
}
