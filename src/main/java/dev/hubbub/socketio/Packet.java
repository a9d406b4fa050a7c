package dev.hubbub.socketio;

import dev.hubbub.Data;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A Socket.IO packet of a client (Socket.IO protocol 5, "Packet encoding").
 *
 * @param attachments the number of binary packets that follow
 * @param id digits; the id of an event that asks for an acknowledgement, or of the event that is acknowledged; otherwise null
 * @param payload checked JSON, an object or an array depending on the type; null if there is none
 */
record Packet(Type type, int attachments, String namespace, String id, String payload) {
    /** In the order of the protocol's numbers. */
    enum Type {
        CONNECT,
        DISCONNECT,
        EVENT,
        ACK,
        CONNECT_ERROR,
        BINARY_EVENT,
        BINARY_ACK;

        boolean isBinary() {
            return this == BINARY_EVENT || this == BINARY_ACK;
        }

        boolean isEvent() {
            return this == EVENT || this == BINARY_EVENT;
        }
    }

    /** Names that the client's library reserves: it closes the connection when it receives an event with such a name. */
    static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    static final int MAX_ID_DIGITS = 18;

    /**
     * Decodes a packet, and checks its JSON.
     *
     * @param maxAttachments the most attachments that a packet may have
     * @throws BadPacketException if the packet is invalid
     */
    static Packet parse(String text, int maxAttachments) throws BadPacketException {
        int type = text.isEmpty() ? -1 : text.charAt(0) - '0';
        if (type < 0 || type >= Type.values().length || type == Type.CONNECT_ERROR.ordinal()) {
            throw new BadPacketException("Unknown type of Socket.IO packet");
        }
        Type kind = Type.values()[type];
        int at = 1;
        int attachments = 0;
        if (kind.isBinary()) {
            int end = digits(text, at);
            boolean hasCount = end > at && end - at <= 3 && end < text.length() && text.charAt(end) == '-';
            attachments = hasCount ? Integer.parseInt(text.substring(at, end)) : 0;
            if (!hasCount || attachments > maxAttachments) {
                throw new BadPacketException(
                        "A binary packet must have a number of attachments up to " + maxAttachments);
            }
            at = end + 1;
        }
        String namespace = "/";
        if (at < text.length() && text.charAt(at) == '/') {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            namespace = text.substring(at, end);
            at = Math.min(end + 1, text.length());
        }
        if (namespace.length() > Protocol.MAX_NAME) {
            throw new BadPacketException("The namespace is too long");
        }
        int afterId = digits(text, at);
        String payload = afterId == text.length() ? null : text.substring(afterId);
        check(kind, payload);
        return new Packet(kind, attachments, namespace, id(text, at, afterId), payload);
    }

    /** The digits without leading zeros, which JSON does not allow; null if there are none. */
    private static String id(String text, int start, int end) {
        int at = start;
        while (at < end - 1 && text.charAt(at) == '0') {
            at++;
        }
        return at == end ? null : text.substring(at, end);
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static void check(Type type, String payload) throws BadPacketException {
        char first = payload == null ? 0 : payload.charAt(0);
        boolean valid = switch (type) {
            case CONNECT -> payload == null || first == '{';
            case DISCONNECT -> payload == null;
            default -> first == '[';
        };
        if (!valid) {
            throw new BadPacketException("The payload is invalid for " + type);
        }
        if (payload != null) {
            try {
                Scanner.checkValue(payload);
            } catch (JsonSyntaxException e) {
                throw new BadPacketException(e.getMessage());
            }
        }
    }

    /** Whether the id is longer than any that a client's library counts up to. */
    boolean hasTooLongId() {
        return id != null && id.length() > MAX_ID_DIGITS;
    }

    /** The JSON texts of the payload's elements, an event's name first. */
    private List<String> elements() {
        List<String> elements = new ArrayList<>(2);
        Scanner.forEachElement(payload, (start, end) -> elements.add(payload.substring(start, end)));
        return elements;
    }

    /** @throws BadPacketException if the name is missing or reserved */
    String eventName() throws BadPacketException {
        List<String> elements = elements();
        String name = elements.isEmpty() ? "" : elements.get(0);
        if (!name.isEmpty() && name.charAt(0) == '"') {
            name = Scanner.unquote(name);
        } else if (name.isEmpty() || digits(name, 0) < name.length()) {
            throw new BadPacketException("The first element of an event must be its name");
        }
        if (RESERVED.contains(name)) {
            throw new BadPacketException("\"" + name + "\" is a reserved name");
        }
        return name;
    }

    /**
     * The arguments as an event's data: {@link Data#NULL} for none, the argument itself if there is one, an array of several. Placeholders of
     * attachments at the end are left out.
     *
     * @throws BadPacketException if a placeholder refers to a missing attachment
     */
    Data data() throws BadPacketException {
        List<String> arguments = elements();
        if (type.isEvent()) {
            arguments.remove(0);
        }
        if (type.isBinary()) {
            if (!Placeholders.areValid(payload, attachments)) {
                throw new BadPacketException("A placeholder refers to a missing attachment");
            }
            int last = attachments - 1;
            while (!arguments.isEmpty()
                    && Placeholders.number(arguments.get(arguments.size() - 1)) == last
                    && last >= 0) {
                arguments.remove(arguments.size() - 1);
                last--;
            }
        }
        return switch (arguments.size()) {
            case 0 -> Data.NULL;
            case 1 -> Data.of(new CheckedJson(arguments.get(0)));
            default -> Data.of(new CheckedJson("[" + String.join(",", arguments) + "]", true));
        };
    }
}
