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

/** A frame as Socket.IO clients of one namespace get it: an EVENT or ACK packet inside of an Engine.IO message. */
final class EncodedPacket {
    private static final char MESSAGE = '4';

    /** Up to the bracket that ends the array. */
    private final String head;

    private final List<Frame> attachments;
    private final boolean takesOffset;
    private final boolean endsInString;
    private final Frame plain;
    private Frame placed;
    private String placedAt;

    private EncodedPacket(String head, List<Frame> attachments, boolean takesOffset, boolean endsInString) {
        this.head = head;
        this.attachments = attachments;
        this.takesOffset = takesOffset;
        this.endsInString = endsInString;
        this.plain = head == null ? null : Frame.text(head + "]");
    }

    static EncodedPacket of(Frame frame, String namespace) {
        Event event = frame.kind() == Frame.Kind.TEXT
                ? EventDecoder.event(frame.text())
                : EventDecoder.event(frame.payload());
        boolean answers = Protocol.RESERVED.contains(event.name()) && event.id() != null;
        if (!answers && Packet.RESERVED.contains(event.name())) {
            return new EncodedPacket(null, List.of(), false, false);
        }
        List<ByteBuffer> attachments = event.attachments();
        BitSet inData = new BitSet();
        if (!attachments.isEmpty() && !Placeholders.find(event.data().json(), attachments.size(), inData)) {
            attachments = List.of(); // somebody plays; without attachments nobody looks for their places
            inData.clear();
        }
        Packet.Type type = answers
                ? attachments.isEmpty() ? Packet.Type.ACK : Packet.Type.BINARY_ACK
                : attachments.isEmpty() ? Packet.Type.EVENT : Packet.Type.BINARY_EVENT;
        StringBuilder head = head(type, attachments.size(), namespace, event.id());
        int start = head.append('[').length();
        if (!answers) {
            Json.quote(head, event.name());
        }
        boolean failed = event.name().equals(Protocol.ERROR) && answers;
        String argument = failed
                ? "{\"error\":" + event.data().json() + "}"
                : event.data().json();
        String last = "";
        if (event.data().isArguments()) {
            for (String element : elements(argument)) {
                append(head, start, element);
                last = element;
            }
        } else if (!event.data().isNull()) {
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
                !answers && event.id() == null,
                !answers && last.startsWith("\""));
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

    /** A packet with a payload of its own. */
    static Frame packet(Packet.Type type, String namespace, String payload) {
        return Frame.text(head(type, 0, namespace, null).append(payload).toString());
    }

    /** Whether the client can be sent this at all. */
    boolean isSendable() {
        return head != null;
    }

    /** Whether the client would take the last argument for an offset. */
    boolean endsInString() {
        return endsInString;
    }

    /** Not where there is an acknowledgement to be asked for: a handler has its function as the last argument. */
    boolean takesOffset() {
        return takesOffset;
    }

    /** @param offset the last argument, if the packet takes one; null for none */
    List<Frame> frames(String offset) {
        Frame first = offset == null || !takesOffset ? plain : withOffset(offset);
        if (attachments.isEmpty()) {
            return List.of(first);
        }
        List<Frame> frames = new ArrayList<>(1 + attachments.size());
        frames.add(first);
        frames.addAll(attachments);
        return frames;
    }

    /** Most receivers are in the same one room and have the same offset. */
    private synchronized Frame withOffset(String offset) {
        if (!offset.equals(placedAt)) {
            placed = Frame.text(head + ",\"" + offset + "\"]");
            placedAt = offset;
        }
        return placed;
    }
}
