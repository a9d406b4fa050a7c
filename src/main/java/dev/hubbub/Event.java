package dev.hubbub;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One event as a client sent it. As the result of a handler it is an acknowledgement with its data and attachments.
 *
 * @param name 1 to 128 characters
 * @param data never null; {@link Data#NULL} if the frame had none
 * @param id the JSON text of the id that asks for an acknowledgement ({@code 7}, {@code "a1"}); null if none was asked
 * @param attachments the raw bytes of a binary frame, read-only; one unless it came from a Socket.IO client, and none for a
 *     text frame
 */
public record Event(String name, Data data, String id, List<ByteBuffer> attachments) {
    public Event {
        attachments = attachments.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    public Event(String name, Data data) {
        this(name, data, null, List.of());
    }

    public boolean wantsAck() {
        return id != null;
    }

    /** Views of the bytes, with positions of their own. */
    @Override
    public List<ByteBuffer> attachments() {
        return attachments.isEmpty()
                ? attachments
                : attachments.stream().map(ByteBuffer::duplicate).toList();
    }

    /** The first attachment, a view with a position of its own; null for a text frame. */
    public ByteBuffer attachment() {
        return attachments.isEmpty() ? null : attachments.get(0).duplicate();
    }
}
