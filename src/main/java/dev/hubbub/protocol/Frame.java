package dev.hubbub.protocol;

import dev.hubbub.Delivery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    /** RFC 6455, section 5.2: the last frame of its message, as all of ours. */
    private static final int FIN = 0x80;

    /** RFC 7692, section 6: the message is compressed. */
    private static final int RSV1 = 0x40;

    public static final Frame PING = new Frame(Kind.PING, new byte[0], null, Delivery.ALL);

    private final Kind kind;
    /** Header and payload: one array is all that is kept of an event for as long as it waits. */
    private final byte[] wire;

    private final int start;
    private final Delivery delivery;
    private final Position position;
    private String text;
    private Frame withPosition;
    private Form forms;
    /** Volatile, for an array has no final fields: who sees it must see what is in it. */
    private volatile byte[] compressed;

    private Frame(Kind kind, byte[] payload, Position position, Delivery delivery) {
        this.kind = kind;
        this.delivery = delivery;
        this.position = position;
        wire = wire(FIN | kind.opcode, payload);
        start = wire.length - payload.length;
    }

    /** @param start of the payload in wire */
    Frame(Kind kind, byte[] wire, int start, Position position, Delivery delivery) {
        this.kind = kind;
        this.wire = wire;
        this.start = start;
        this.position = position;
        this.delivery = delivery;
    }

    /** Header and payload, unmasked (RFC 6455, section 5.2). */
    private static byte[] wire(int first, byte[] payload) {
        int length = payload.length;
        int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        ByteBuffer to = ByteBuffer.allocate(header + length);
        to.put((byte) first);
        if (header == 2) {
            to.put((byte) length);
        } else if (header == 4) {
            to.put((byte) 126).putShort((short) length);
        } else {
            to.put((byte) 127).putLong(length);
        }
        return to.put(payload).array();
    }

    public static Frame text(String text) {
        return text(text, Delivery.ALL);
    }

    public static Frame text(String text, Delivery delivery) {
        return new Frame(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8), null, delivery);
    }

    /** Raw bytes. */
    public static Frame binary(ByteBuffer bytes) {
        byte[] payload = new byte[bytes.remaining()];
        bytes.duplicate().get(payload);
        return new Frame(Kind.BINARY, payload, null, Delivery.ALL);
    }

    /** A binary envelope: the JSON, a zero byte, the attachments. */
    static Frame binary(String envelope, List<ByteBuffer> attachments, Delivery delivery) {
        byte[] json = envelope.getBytes(StandardCharsets.UTF_8);
        int length = attachments.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer bytes = ByteBuffer.allocate(json.length + 1 + length);
        bytes.put(json).put((byte) 0);
        attachments.forEach(attachment -> bytes.put(attachment.duplicate()));
        return new Frame(Kind.BINARY, bytes.array(), null, delivery);
    }

    public Kind kind() {
        return kind;
    }

    /** This frame as an event of a room. */
    public Frame at(Position place) {
        return new Frame(kind, wire, start, place, delivery);
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
            int brace = envelopeEnd() - 1;
            ByteBuffer bytes = ByteBuffer.allocate(size() - 1 + member.length);
            bytes.put(wire, start, brace - start).put(member).put(wire, brace + 1, wire.length - brace - 1);
            with = new Frame(kind, bytes.array(), position, delivery);
            withPosition = with;
        }
        return with;
    }

    private int envelopeEnd() {
        int end = start;
        while (end < wire.length && wire[end] != 0) {
            end++;
        }
        return end;
    }

    /** The event's JSON, without an attachment. */
    public String envelope() {
        return kind == Kind.TEXT ? text() : new String(wire, start, envelopeEnd() - start, StandardCharsets.UTF_8);
    }

    /** What a transport that does not send WebSocket frames makes of this one: also only once for all who get it. */
    public <T> T form(Class<T> type, Function<Frame, T> maker) {
        for (Form form = forms; form != null; form = form.next) {
            if (type.isInstance(form.value)) {
                return type.cast(form.value);
            }
        }
        T made = maker.apply(this);
        forms = new Form(made, forms); // two threads may both make one: then one is forgotten, as it may be
        return made;
    }

    private record Form(Object value, Form next) {}

    /** What may become of it in a full outbox. */
    public Delivery delivery() {
        return delivery;
    }

    /** The text of a text frame, else null. */
    public String text() {
        if (text == null && kind == Kind.TEXT) {
            text = new String(wire, start, size(), StandardCharsets.UTF_8);
        }
        return text;
    }

    /** The payload, a view of its own for each call. Its bytes are shared and not to be changed. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(wire, start, size()).slice(); // not read-only: the containers' deflaters want the array
    }

    /** How many bytes the payload has. */
    public int size() {
        return wire.length - start;
    }

    /** The whole frame as a server sends it. Not to be changed. */
    public byte[] wire() {
        return wire;
    }

    /**
     * The whole frame compressed for those with whom permessage-deflate is agreed on; as it is if that would not be shorter. Not
     * to be changed.
     */
    public byte[] compressedWire() {
        byte[] made = compressed;
        if (made == null) {
            byte[] payload = kind == Kind.PING ? new byte[0] : FrameDeflater.deflate(wire, start, size());
            made = kind == Kind.PING || payload.length >= size() ? wire : wire(FIN | RSV1 | kind.opcode, payload);
            compressed = made;
        }
        return made;
    }
}
