package dev.hubbub.protocol;

import dev.hubbub.Delivery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One WebSocket message on its way out: built once, shared by every outbox that it waits in, never changed.
 */
public final class Frame {
    /** RFC 6455, section 5.2, the opcodes that Hubbub sends. */
    public enum Kind {
        TEXT(1),
        BINARY(2),
        PING(9);

        private final int opcode;

        Kind(int opcode) {
            this.opcode = opcode;
        }

        public byte opcode() {
            return (byte) opcode;
        }
    }

    public static final Frame PING = new Frame(Kind.PING, null, new byte[0], Delivery.ALL);

    private final Kind kind;
    private final String text;
    private final byte[] payload;
    private final Delivery delivery;
    private byte[] wire;

    private Frame(Kind kind, String text, byte[] payload, Delivery delivery) {
        this.kind = kind;
        this.text = text;
        this.payload = payload;
        this.delivery = delivery;
    }

    public static Frame text(String text) {
        return text(text, Delivery.ALL);
    }

    public static Frame text(String text, Delivery delivery) {
        return new Frame(Kind.TEXT, text, text.getBytes(StandardCharsets.UTF_8), delivery);
    }

    /** A binary envelope: the JSON, a zero byte, the attachment. */
    public static Frame binary(String envelope, ByteBuffer attachment, Delivery delivery) {
        byte[] json = envelope.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(json.length + 1 + attachment.remaining());
        bytes.put(json).put((byte) 0).put(attachment.duplicate());
        return new Frame(Kind.BINARY, null, bytes.array(), delivery);
    }

    public Kind kind() {
        return kind;
    }

    /** What may become of it in a full outbox. */
    public Delivery delivery() {
        return delivery;
    }

    /** The text of a text frame, else null. */
    public String text() {
        return text;
    }

    /** The payload, a view of its own for each call. Its bytes are shared and not to be changed. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload); // not read-only: the containers' deflaters want the array
    }

    /** How many bytes the payload has. */
    public int size() {
        return payload.length;
    }

    /**
     * The whole frame as a server sends it: header and payload, unmasked (RFC 6455, section 5.2). Not to be changed.
     * Two threads may build it at the same time; they build the same bytes.
     */
    public byte[] wire() {
        byte[] bytes = wire;
        if (bytes == null) {
            int length = payload.length;
            int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
            ByteBuffer to = ByteBuffer.allocate(header + length);
            to.put((byte) (0x80 | kind.opcode));
            if (header == 2) {
                to.put((byte) length);
            } else if (header == 4) {
                to.put((byte) 126).putShort((short) length);
            } else {
                to.put((byte) 127).putLong(length);
            }
            to.put(payload);
            bytes = to.array();
            wire = bytes;
        }
        return bytes;
    }
}
