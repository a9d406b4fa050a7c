package dev.hubbub;

import java.nio.ByteBuffer;

/**
 * One event as a client sent it.
 *
 * @param name 1 to 128 characters
 * @param data never null; {@link Data#NULL} if the frame had none
 * @param id the JSON text of the id that asks for an acknowledgement ({@code 7}, {@code "a1"}); null if none was asked
 * @param attachment the raw bytes of a binary frame, read-only; null for a text frame
 */
public record Event(String name, Data data, String id, ByteBuffer attachment) {
    public Event {
        attachment = attachment == null ? null : attachment.asReadOnlyBuffer();
    }

    public Event(String name, Data data) {
        this(name, data, null, null);
    }

    public boolean wantsAck() {
        return id != null;
    }

    /** A view of the bytes with a position of its own; null for a text frame. */
    @Override
    public ByteBuffer attachment() {
        return attachment == null ? null : attachment.duplicate();
    }
}
