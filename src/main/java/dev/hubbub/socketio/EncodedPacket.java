package dev.hubbub.socketio;

import dev.hubbub.Event;
import dev.hubbub.Namespace;
import dev.hubbub.json.Json;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A frame of the hub as an EVENT or ACK packet for the Socket.IO clients of one namespace, inside an Engine.IO message (Socket.IO
 * protocol 5, "Packet encoding").
 */
final class EncodedPacket {
    /** The type of an Engine.IO packet that contains a message. */
    private static final char MESSAGE = '4';

    /** The packet up to the closing bracket of its array; null if the event cannot be sent to a client. */
    private final String head;

    private final List<Frame> attachments;
    private final boolean takesOffset;
    private final boolean endsInString;
    private final Frame withoutOffset;

    // Guarded by this.
    private Frame lastWithOffset;
    private String lastOffset;

    private EncodedPacket(String head, List<Frame> attachments, boolean takesOffset, boolean endsInString) {
        this.head = head;
        this.attachments = attachments;
        this.takesOffset = takesOffset;
        this.endsInString = endsInString;
        this.withoutOffset = head == null ? null : Frame.text(head + "]");
    }

    /** @param namespace its name */
    static EncodedPacket of(Frame frame, String namespace) {
        Event event = frame.kind() == Frame.Kind.TEXT
                ? EventDecoder.event(frame.text())
                : EventDecoder.event(frame.payload());
        boolean isAck = frame.role() != Frame.Role.EVENT;
        if (!isAck && Packet.RESERVED.contains(event.name())) {
            return new EncodedPacket(null, List.of(), false, false);
        }
        List<ByteBuffer> attachments = event.attachments();
        BitSet inData = new BitSet();
        if (!attachments.isEmpty() && !Placeholders.find(event.data().json(), attachments.size(), inData)) {
            // Somebody sends invalid placeholders on purpose. Without attachments, the client ignores them.
            attachments = List.of();
            inData.clear();
        }
        Packet.Type type = isAck
                ? attachments.isEmpty() ? Packet.Type.ACK : Packet.Type.BINARY_ACK
                : attachments.isEmpty() ? Packet.Type.EVENT : Packet.Type.BINARY_EVENT;
        StringBuilder head = head(type, attachments.size(), namespace, event.id());
        int start = head.append('[').length();
        if (!isAck) {
            Json.quote(head, event.name());
        }
        boolean failed = event.name().equals(Protocol.ERROR) && isAck;
        String argument = failed
                ? "{\"error\":" + event.data().json() + "}"
                : event.data().json();
        String last = "";
        if (event.data().isArguments()) {
            for (String element : elements(argument)) {
                append(head, start, element);
                last = element;
            }
        } else if (!event.data().isNone() && frame.role() != Frame.Role.EMPTY_ACK) {
            append(head, start, argument);
            last = argument;
        }
        for (int i = 0; i < attachments.size(); i++) {
            if (!inData.get(i)) {
                append(head, start, Placeholders.of(i));
                last = "";
            }
        }
        return new EncodedPacket(
                head.toString(),
                attachments.stream().map(Frame::binary).toList(),
                !isAck && event.id() == null,
                !isAck && last.startsWith("\""));
    }

    private static List<String> elements(String array) {
        List<String> elements = new ArrayList<>();
        Scanner.forEachElement(array, (start, end) -> elements.add(array.substring(start, end)));
        return elements;
    }

    private static void append(StringBuilder to, int start, String element) {
        (to.length() > start ? to.append(',') : to).append(element);
    }

    private static StringBuilder head(Packet.Type type, int attachments, String namespace, String id) {
        StringBuilder to = new StringBuilder(128).append(MESSAGE).append(type.ordinal());
        if (type.isBinary()) {
            to.append(attachments).append('-');
        }
        if (!namespace.equals(Namespace.MAIN)) {
            to.append(namespace).append(',');
        }
        return id == null ? to : to.append(id);
    }

    /** A packet with this payload, such as CONNECT. */
    static Frame packet(Packet.Type type, String namespace, String payload) {
        return Frame.text(head(type, 0, namespace, null).append(payload).toString());
    }

    /** Whether the event can be sent to a client: its name must not be one that the client's library reserves. */
    boolean isSendable() {
        return head != null;
    }

    /** Whether the last argument is a string, which the client would mistake for an offset. */
    boolean endsInString() {
        return endsInString;
    }

    /**
     * Whether an offset can be added as the last argument. It cannot if the event asks for an acknowledgement: then the last
     * argument of the client's handler is the function that acknowledges it.
     */
    boolean takesOffset() {
        return takesOffset;
    }

    /** @param offset added as the last argument if the packet takes one; null for none */
    List<Frame> frames(String offset) {
        Frame first = offset == null || !takesOffset ? withoutOffset : withOffset(offset);
        if (attachments.isEmpty()) {
            return List.of(first);
        }
        List<Frame> frames = new ArrayList<>(1 + attachments.size());
        frames.add(first);
        frames.addAll(attachments);
        return frames;
    }

    /** Keeps the last result: most receivers are only in the room of the event and have the same offset. */
    private synchronized Frame withOffset(String offset) {
        if (!offset.equals(lastOffset)) {
            lastWithOffset = Frame.text(head + ",\"" + offset + "\"]");
            lastOffset = offset;
        }
        return lastWithOffset;
    }
}
