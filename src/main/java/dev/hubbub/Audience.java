package dev.hubbub;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The receivers of an event: one {@link Client}, the members of a {@link Room}, or everyone in the {@link Hub}.
 *
 * <pre>{@code
 * client.emit("welcome", Map.of("id", client.id()));
 * client.room("lot-7").except(client).emit("bid", bid);
 * hub.rooms("news", "sport").emit("headline", text); // a client in both gets it once
 * }</pre>
 *
 * Every method returns at once: the event waits in the outbox of each receiver until its socket accepts it. An event is encoded
 * once, no matter how many clients receive it.
 */
public interface Audience {
    /**
     * Sends an event.
     *
     * @param name 1 to 128 characters
     * @param data anything that JSON-B can write; {@link Data} and {@code null} are sent as they are
     * @throws IllegalArgumentException if the name is empty or too long
     * @throws jakarta.json.bind.JsonbException if the data cannot be written as JSON
     */
    default void emit(String name, Object data) {
        emit(name, data, List.of(), Delivery.ALL);
    }

    /** Sends an event that slow receivers need not get, or not each time. */
    default void emit(String name, Object data, Delivery delivery) {
        emit(name, data, List.of(), delivery);
    }

    /** Sends an event without data. */
    default void emit(String name) {
        emit(name, null, List.of(), Delivery.ALL);
    }

    /**
     * Sends an event with raw bytes beside its data; over WebSocket it is a binary frame.
     *
     * @param attachment the bytes between position and limit, which must not change afterwards; null for none
     */
    default void emit(String name, Object data, ByteBuffer attachment) {
        emit(name, data, attachment == null ? List.of() : List.of(attachment), Delivery.ALL);
    }

    /**
     * Sends an event with attachments and a {@link Delivery}.
     *
     * @param attachments in the event of a Socket.IO client, they replace <code>{"_placeholder": true, "num": 0}</code> in the data,
     *     or follow it; other clients get them one after another, with their lengths in {@code attachments}
     */
    void emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery);
}
