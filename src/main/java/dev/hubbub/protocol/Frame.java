package dev.hubbub.protocol;

import dev.hubbub.Delivery;
import dev.hubbub.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * One outgoing WebSocket message. It is built once, shared by the outboxes of all receivers, and immutable.
 */
public final class Frame {
    /** The frame types that Hubbub sends, with their opcodes (RFC 6455, section 5.2). */
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

    /** What a frame is, for transports that have types of packets. In Hubbub's own protocol, the event's name says it. */
    public enum Role {
        EVENT,
        /** The answer to an event of the client: its acknowledgement, or the error. */
        ACK,
        /** The acknowledgement of an event whose handler has no result. */
        EMPTY_ACK
    }

    /** Marks the last frame of a message (RFC 6455, section 5.2). Hubbub sends no fragmented messages. */
    private static final int FIN = 0x80;

    /** Marks a compressed message (RFC 7692, section 6). */
    private static final int RSV1 = 0x40;

    public static final Frame PING = new Frame(Kind.PING, Role.EVENT, new byte[0], Delivery.ALL);

    private final Kind kind;
    private final Role role;
    /** Header and payload in one array, which is all that a waiting event needs in memory. */
    private final byte[] wire;

    private final int start;
    private final Delivery delivery;
    private final Position position;
    /** See {@link #createdAt()}. */
    private final long createdAt;

    private String text;
    private Frame withPosition;
    private Conversion conversions;
    /** Volatile, because an array has no final fields: a thread that sees the array must also see its content. */
    private volatile byte[] compressed;

    private Frame(Kind kind, Role role, byte[] payload, Delivery delivery) {
        this.createdAt = System.nanoTime();
        this.kind = kind;
        this.role = role;
        this.delivery = delivery;
        this.position = null;
        wire = wire(FIN | kind.opcode, payload);
        start = wire.length - payload.length;
    }

    /** @param start the index of the payload in {@code wire} */
    Frame(Kind kind, byte[] wire, int start, Position position, Delivery delivery, long createdAt) {
        this.createdAt = createdAt;
        this.kind = kind;
        this.role = Role.EVENT;
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

    /**
     * A frame that another node has sent.
     *
     * @param wire header and payload, as {@link #wire()} returns them
     * @throws IllegalArgumentException if the header does not fit
     */
    public static Frame of(Kind kind, byte[] wire, Position position, Delivery delivery) {
        int length = wire.length < 2 ? 0 : wire[1];
        int start = length == 127 ? 10 : length == 126 ? 4 : 2;
        if (wire.length < start || wire[0] != (byte) (FIN | kind.opcode) || (start == 2 && wire.length != 2 + length)) {
            throw new IllegalArgumentException("No frame");
        }
        return new Frame(kind, wire, start, position, delivery, System.nanoTime());
    }

    public static Frame text(String text) {
        return text(text, Delivery.ALL);
    }

    public static Frame text(String text, Delivery delivery) {
        return text(Role.EVENT, text, delivery);
    }

    static Frame text(Role role, String text, Delivery delivery) {
        return new Frame(Kind.TEXT, role, text.getBytes(StandardCharsets.UTF_8), delivery);
    }

    /** A binary frame of these bytes, without an envelope. */
    public static Frame binary(ByteBuffer bytes) {
        byte[] payload = new byte[bytes.remaining()];
        bytes.duplicate().get(payload);
        return new Frame(Kind.BINARY, Role.EVENT, payload, Delivery.ALL);
    }

    /** A binary frame of the event protocol: the JSON envelope, a zero byte, the attachments. */
    static Frame binary(Role role, String envelope, List<ByteBuffer> attachments, Delivery delivery) {
        byte[] json = envelope.getBytes(StandardCharsets.UTF_8);
        int length = attachments.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer bytes = ByteBuffer.allocate(json.length + 1 + length);
        bytes.put(json).put((byte) 0);
        attachments.forEach(attachment -> bytes.put(attachment.duplicate()));
        return new Frame(Kind.BINARY, role, bytes.array(), delivery);
    }

    /** A frame whose {@link #payload()} was stored, as an event at a position. */
    public static Frame stored(byte[] payload, Position position) {
        Kind kind = Kind.TEXT;
        for (byte each : payload) {
            if (each == 0) { // JSON holds no zero byte: it ends the envelope, and attachments follow
                kind = Kind.BINARY;
                break;
            }
        }
        return new Frame(kind, Role.EVENT, payload, Delivery.ALL).at(position);
    }

    public Kind kind() {
        return kind;
    }

    public Role role() {
        return role;
    }

    /** A frame with the same bytes, as an event at this position of a room. */
    public Frame at(Position newPosition) {
        return new Frame(kind, wire, start, newPosition, delivery, createdAt);
    }

    /** The position of the event in its room; null if it is not an event of a room. */
    public Position position() {
        return position;
    }

    /** The same event with the member {@code position}, for clients that resume; this frame if it has no position. */
    public Frame withPosition() {
        if (position == null) {
            return this;
        }
        Frame with = withPosition;
        if (with == null) {
            with = withMembers((",\"position\":\"" + position + "\"}").getBytes(StandardCharsets.UTF_8));
            withPosition = with;
        }
        return with;
    }

    /**
     * The same event as a part of the room's history: with the members {@code position} and {@code at}.
     *
     * @param at when it was published, in milliseconds since 1970
     */
    public Frame withTime(long at) {
        byte[] member = (",\"position\":\"" + position + "\",\"at\":" + at + "}").getBytes(StandardCharsets.UTF_8);
        Frame with = withMembers(member);
        with.withPosition = with;
        return with;
    }

    /** @param members the end of the envelope: further members, each after a comma, and the brace */
    private Frame withMembers(byte[] members) {
        int brace = envelopeEnd() - 1;
        ByteBuffer bytes = ByteBuffer.allocate(size() - 1 + members.length);
        bytes.put(wire, start, brace - start).put(members).put(wire, brace + 1, wire.length - brace - 1);
        byte[] framed = wire(FIN | kind.opcode, bytes.array());
        return new Frame(kind, framed, framed.length - bytes.capacity(), position, delivery, createdAt);
    }

    private int envelopeEnd() {
        int end = start;
        while (end < wire.length && wire[end] != 0) {
            end++;
        }
        return end;
    }

    /** The event's JSON, without the attachments. */
    public String envelope() {
        return kind == Kind.TEXT ? text() : new String(wire, start, envelopeEnd() - start, StandardCharsets.UTF_8);
    }

    /**
     * This frame in the format of a transport that does not send WebSocket frames. It is converted once for all receivers.
     *
     * @param type identifies the format
     */
    public <T> T converted(Class<T> type, Function<Frame, T> converter) {
        for (Conversion conversion = conversions; conversion != null; conversion = conversion.next) {
            if (type.isInstance(conversion.value)) {
                return type.cast(conversion.value);
            }
        }
        T value = converter.apply(this);
        conversions = new Conversion(value, conversions); // if two threads convert at once, either value is as good
        return value;
    }

    private record Conversion(Object value, Conversion next) {}

    /**
     * When the event was published, or read from memory for a client that returns, by {@link System#nanoTime}: an outbox
     * measures by it for how long the event has been waiting.
     */
    public long createdAt() {
        return createdAt;
    }

    /** What happens to the frame if an outbox is full. */
    public Delivery delivery() {
        return delivery;
    }

    /** The text of a text frame; null for other frames. */
    public String text() {
        if (text == null && kind == Kind.TEXT) {
            text = new String(wire, start, size(), StandardCharsets.UTF_8);
        }
        return text;
    }

    /** The payload: a new view for each call, of shared bytes that must not be changed. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(wire, start, size()).slice(); // not read-only: the containers' deflaters need the array
    }

    /** The length of the payload in bytes. */
    public int size() {
        return wire.length - start;
    }

    /** The whole frame as a server sends it: header and payload. The array must not be changed. */
    public byte[] wire() {
        return wire;
    }

    /**
     * The whole frame, compressed for connections that have negotiated permessage-deflate (RFC 7692). It is left uncompressed
     * if compression would not make it shorter. The array must not be changed.
     */
    public byte[] compressedWire() {
        byte[] result = compressed;
        if (result == null) {
            byte[] payload = kind == Kind.PING ? new byte[0] : FrameDeflater.deflate(wire, start, size());
            result = kind == Kind.PING || payload.length >= size() ? wire : wire(FIN | RSV1 | kind.opcode, payload);
            compressed = result;
        }
        return result;
    }
}
