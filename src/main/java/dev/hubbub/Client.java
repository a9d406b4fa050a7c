package dev.hubbub;

import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;

/**
 * One connected client. All methods may be called by any thread, also after the client has disconnected: what is sent then is
 * discarded.
 */
public interface Client extends Audience {
    /** Identifies this connection: 16 random characters of {@code [A-Za-z0-9_-]}, which are never used again. */
    String id();

    /** The request with which the client has connected: headers, query, address. */
    Handshake handshake();

    /** The address of the browser, also behind a trusted proxy; {@code unknown} where the container hides it. */
    default String remoteAddress() {
        return handshake().remoteAddress();
    }

    /** The identity of the client now: that of its handshake, or of an event {@code auth} that it has sent since. */
    Identity identity();

    /** The principal of the client now; empty for an anonymous client. */
    default Optional<Principal> principal() {
        return Optional.ofNullable(identity().principal());
    }

    /** Whether the client has a role now, see {@link Identity#roles()}. */
    default boolean isInRole(String role) {
        return identity().isInRole(role);
    }

    /** Values that the application keeps for this connection. They are discarded with it. */
    ConcurrentMap<String, Object> attributes();

    /**
     * The room with this name, whether or not the client is a member.
     *
     * @throws EventException {@code invalid-data} if the name does not have 1 to 128 characters
     */
    Room room(String name);

    /** The names of the rooms of which the client is a member; after it has disconnected, those of which it was a member last. */
    Set<String> rooms();

    boolean isConnected();

    /**
     * Sends an event that the client is to acknowledge.
     *
     * @param timeout how long to wait for the answer; positive
     * @return completes with the {@code data} of the client's {@code ack}; fails with an {@link EventException} if it
     *     answered {@code error}, with a {@link java.util.concurrent.TimeoutException}, or with an {@code
     *     EventException} of code {@code disconnected} if it disconnected before
     */
    default CompletionStage<Data> ask(String name, Object data, Duration timeout) {
        return ask(name, data, List.of(), timeout).thenApply(Event::data);
    }

    /**
     * Like {@link #ask(String, Object, Duration)}, with attachments in both directions.
     *
     * @param attachments as for {@link #emit(String, Object, List, Delivery)}
     * @return completes with the client's {@code ack}: its data and its attachments
     */
    CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout);

    /**
     * Repeats a task as long as the client is connected, one run after another with the client's events:
     * {@code client.every(Duration.ofSeconds(10), () -> client.emit("time", Instant.now()))}.
     *
     * @param interval positive
     * @throws IllegalArgumentException if the interval is not positive
     */
    Timer every(Duration interval, Runnable task);

    /**
     * Closes the connection when everything that waits in the outbox has been sent.
     *
     * @param code 1000, 1008 or 3000 to 4999 (RFC 6455, section 7.4)
     * @param reason shown to the client; at most 123 bytes of UTF-8, the rest is cut off
     */
    void close(int code, String reason);
}
