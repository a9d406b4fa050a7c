package dev.hubbub;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * An event from a client. As the result of a handler, it is an acknowledgement with data and attachments.
 *
 * @param name 1 to 128 characters
 * @param data never null; {@link Data#NULL} if the frame had none
 * @param id the JSON text of the id ({@code 7}, {@code "a1"}), which requests an acknowledgement; null if the event has none
 * @param key an idempotency key, 1 to 128 characters: a handler that publishes passes it on, so that an event that is sent again
 *     after a lost connection is published once; null if the event has none
 * @param attachments the raw bytes of a binary frame, read-only; empty for a text frame, and more than one only from Socket.IO
 *     clients
 */
public record Event(String name, Data data, String id, String key, List<ByteBuffer> attachments) {
    public Event {
        attachments = attachments.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    public Event(String name, Data data) {
        this(name, data, null, List.of());
    }

    /** An event without an idempotency key. */
    public Event(String name, Data data, String id, List<ByteBuffer> attachments) {
        this(name, data, id, null, attachments);
    }

    /** Whether the client has asked for an acknowledgement. */
    public boolean wantsAck() {
        return id != null;
    }

    /** New read-only views of the bytes, each with its own position. */
    @Override
    public List<ByteBuffer> attachments() {
        return attachments.isEmpty()
                ? attachments
                : attachments.stream().map(ByteBuffer::duplicate).toList();
    }

    /** A new read-only view of the first attachment, with its own position; null for a text frame. */
    public ByteBuffer attachment() {
        return attachments.isEmpty() ? null : attachments.get(0).duplicate();
    }
}
