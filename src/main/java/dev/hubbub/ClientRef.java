package dev.hubbub;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A client by its id. Every method returns a stage at once.
 *
 * <pre>{@code
 * ClientRef kim = hub.remote(id);                               // an id that was stored in a database, for example
 * kim.emit("order-shipped", order);
 * kim.join("order-7", "Kim").thenRun(() -> ...);
 * kim.ask("sure?", null, Duration.ofSeconds(10)).thenAccept(answer -> ...);
 * kim.close(1008, "Your account was closed");
 * }</pre>
 *
 * <p>A {@code ClientRef} can be kept and used at any time; each call looks for the client. A stage fails with an {@link
 * EventException} of code {@code disconnected} if no client with this id is connected. On one node, that is the same as {@link
 * Hub#client}; in a cluster, the client may be on any node.
 *
 * <p>For a client on another node, events of one node arrive in the order in which they were emitted. Each call is carried out once
 * at most. It fails with {@code unavailable} if the nodes cannot reach each other or an answer takes longer than 30 seconds, in
 * which case it may have been carried out, and with {@code overloaded} if too many calls wait for their answers.
 */
public interface ClientRef {
    /** The id of the client, see {@link Client#id()}. */
    String id();

    /**
     * Sends an event.
     *
     * @param name 1 to 128 characters
     * @param data anything that JSON-B can write
     * @return completes when the event is in the client's outbox
     * @throws IllegalArgumentException if the name is empty or too long
     * @throws jakarta.json.bind.JsonbException if the data cannot be written as JSON
     */
    default CompletionStage<Void> emit(String name, Object data) {
        return emit(name, data, List.of(), Delivery.ALL);
    }

    /**
     * Like {@link #emit(String, Object)}, with attachments and a {@link Delivery}.
     *
     * @param attachments as for {@link Audience#emit(String, Object, List, Delivery)}
     */
    CompletionStage<Void> emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery);

    /**
     * Sends an event that the client is to acknowledge.
     *
     * @param timeout how long to wait for the answer; positive
     * @return completes and fails like {@link Client#ask(String, Object, Duration)}
     */
    default CompletionStage<Data> ask(String name, Object data, Duration timeout) {
        return ask(name, data, List.of(), timeout).thenApply(Event::data);
    }

    /**
     * Like {@link #ask(String, Object, Duration)}, with attachments in both directions.
     *
     * @param attachments as for {@link Audience#emit(String, Object, List, Delivery)}
     * @return completes with the client's {@code ack}: its data and its attachments
     */
    CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout);

    /**
     * Closes the connection when everything that waits in the outbox has been sent.
     *
     * @param code 1000, 1008 or 3000 to 4999 (RFC 6455, section 7.4)
     * @param reason shown to the client; at most 123 bytes of UTF-8, the rest is cut off
     */
    CompletionStage<Void> close(int code, String reason);

    /**
     * Adds the client to a room, as {@link Room#join(Client, Join)} does.
     *
     * @return completes when {@code hello} has been sent
     */
    CompletionStage<Void> join(String room, Join join);

    /** Like {@link #join(String, Join)}, with a nick; null for none. */
    default CompletionStage<Void> join(String room, String nick) {
        return join(room, Join.as(nick));
    }

    /**
     * Removes the client from a room; the others are sent {@code left}.
     *
     * @return completes with false if it was no member
     */
    CompletionStage<Boolean> leave(String room);
}
