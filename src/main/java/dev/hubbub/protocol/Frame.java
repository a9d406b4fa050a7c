package dev.hubbub.protocol;

import dev.hubbub.Delivery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

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

    public static final Frame PING = new Frame(Kind.PING, null, new byte[0], Delivery.ALL, null);

    private final Kind kind;
    private final String text;
    private final byte[] payload;
    private final Delivery delivery;
    private final Position position;
    private byte[] wire;
    private Frame withPosition;
    private Object otherForm;

    private Frame(Kind kind, String text, byte[] payload, Delivery delivery, Position position) {
        this.kind = kind;
        this.text = text;
        this.payload = payload;
        this.delivery = delivery;
        this.position = position;
    }

    public static Frame text(String text) {
        return text(text, Delivery.ALL);
    }

    public static Frame text(String text, Delivery delivery) {
        return new Frame(Kind.TEXT, text, text.getBytes(StandardCharsets.UTF_8), delivery, null);
    }

    /** A binary envelope: the JSON, a zero byte, the attachment. */
    public static Frame binary(String envelope, ByteBuffer attachment, Delivery delivery) {
        byte[] json = envelope.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(json.length + 1 + attachment.remaining());
        bytes.put(json).put((byte) 0).put(attachment.duplicate());
        return new Frame(Kind.BINARY, null, bytes.array(), delivery, null);
    }

    public Kind kind() {
        return kind;
    }

    /** This frame as an event of a room. */
    public Frame at(Position place) {
        return new Frame(kind, text, payload, delivery, place);
    }

    /** Where it stands in the order of its room; null if it is no event of a room. */
    public Position position() {
        return position;
    }

    /** The same event with a member {@code position}, for who wants to come back to it; itself if it has none. */
    public Frame withPosition() {
        if (position == null) {
            return this;
        }
        Frame with = withPosition;
        if (with == null) {
            byte[] member = (",\"position\":\"" + position + "\"}").getBytes(StandardCharsets.UTF_8);
            int end = envelopeEnd() - 1; // the brace
            ByteBuffer bytes = ByteBuffer.allocate(payload.length - 1 + member.length);
            bytes.put(payload, 0, end).put(member).put(payload, end + 1, payload.length - end - 1);
            String changed = text == null ? null : new String(bytes.array(), StandardCharsets.UTF_8);
            with = new Frame(kind, changed, bytes.array(), delivery, position);
            withPosition = with;
        }
        return with;
    }

    private int envelopeEnd() {
        int end = 0;
        while (end < payload.length && payload[end] != 0) {
            end++;
        }
        return end;
    }

    /**
     * What a transport that does not send WebSocket frames makes of this one: also only once for all who get it. There is
     * room for one such form; it is not to be changed.
     */
    public <T> T form(Class<T> type, Function<Frame, T> maker) {
        Object form = otherForm;
        if (!type.isInstance(form)) {
            form = maker.apply(this);
            otherForm = form;
        }
        return type.cast(form);
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
