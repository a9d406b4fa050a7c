package dev.hubbub.cluster;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A broadcast as Socket.IO's servers and emitters exchange it through Redis: {@code @socket.io/redis-adapter} 8.3 and {@code
 * @socket.io/redis-emitter} 5.1. It is MessagePack: {@code [uid, {type: 2, data: [name, ...arguments], nsp}, {rooms, except, flags}]}.
 *
 * @param uid who sent it
 * @param rooms whom it reaches; all clients if there are none
 * @param except members of these rooms do not get it
 */
record SocketIoPacket(
        String uid,
        String namespace,
        String name,
        Data data,
        List<ByteBuffer> attachments,
        List<String> rooms,
        List<String> except,
        boolean isVolatile) {
    /** The type of a packet that is an event. */
    private static final Long EVENT = 2L;

    /** The type of an event with bytes, of older versions. */
    private static final Long BINARY_EVENT = 5L;

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_ROOMS = 1_000;

    /** Names that a client's library does not permit. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    /** @throws IllegalArgumentException if this is not such a message */
    static SocketIoPacket parse(byte[] message) {
        checkSize(message);
        if (!(MessagePack.read(message) instanceof List<?> parts) || parts.size() != 3) {
            throw new IllegalArgumentException("no array of three elements");
        }
        return of(String.valueOf(parts.get(0)), object(parts.get(1), "packet"), object(parts.get(2), "options"));
    }

    static void checkSize(byte[] message) {
        if (message.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "it has " + message.length + " bytes; at most " + MAX_BYTES + " are read");
        }
    }

    /** @throws IllegalArgumentException if this is no event */
    static SocketIoPacket of(String uid, Map<?, ?> packet, Map<?, ?> options) {
        if ((!EVENT.equals(packet.get("type")) && !BINARY_EVENT.equals(packet.get("type")))
                || !(packet.get("data") instanceof List<?> data)
                || data.isEmpty()) {
            throw new IllegalArgumentException("no event");
        }
        String name = String.valueOf(data.get(0));
        if (!Protocol.isName(name) || RESERVED.contains(name)) {
            throw new IllegalArgumentException("the name of an event must have 1 to " + Protocol.MAX_NAME
                    + " characters and must not be reserved");
        }
        List<ByteBuffer> attachments = new ArrayList<>();
        Data arguments = SocketIoValues.data(data.subList(1, data.size()), attachments);
        if (attachments.size() > Protocol.MAX_ATTACHMENTS) {
            throw new IllegalArgumentException("more than " + Protocol.MAX_ATTACHMENTS + " attachments");
        }
        Object namespace = packet.get("nsp");
        boolean isVolatile =
                options.get("flags") instanceof Map<?, ?> flags && Boolean.TRUE.equals(flags.get("volatile"));
        return new SocketIoPacket(
                uid,
                namespace == null ? "/" : namespace.toString(),
                name,
                arguments,
                attachments,
                rooms(options.get("rooms")),
                rooms(options.get("except")),
                isVolatile);
    }

    static Map<?, ?> object(Object value, String what) {
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw new IllegalArgumentException("no " + what);
    }

    /** Names of rooms, which may be numbers. */
    static List<String> rooms(Object value) {
        List<?> names = value instanceof List<?> list ? list : List.of();
        if (names.size() > MAX_ROOMS) {
            throw new IllegalArgumentException("more than " + MAX_ROOMS + " rooms");
        }
        List<String> rooms = new ArrayList<>(names.size());
        for (Object name : names) {
            String room = String.valueOf(name);
            if (!Protocol.isName(room) || !Protocol.isPrintable(room)) {
                throw new IllegalArgumentException(
                        "a room's name must have 1 to " + Protocol.MAX_NAME + " characters and no control characters");
            }
            rooms.add(room);
        }
        return rooms;
    }

    Delivery delivery() {
        return isVolatile ? Delivery.DROPPABLE : Delivery.ALL;
    }

    Frame frame() {
        return EventEncoder.event(name, data, attachments, delivery());
    }

    /** An event of ours for them; null if their clients cannot receive it. */
    static SocketIoPacket of(String uid, String namespace, Frame frame, List<String> rooms, List<String> except) {
        Event event = frame.kind() == Frame.Kind.TEXT
                ? EventDecoder.event(frame.text())
                : EventDecoder.event(frame.payload());
        return RESERVED.contains(event.name())
                ? null
                : new SocketIoPacket(
                        uid,
                        namespace,
                        event.name(),
                        event.data(),
                        event.attachments(),
                        rooms,
                        except,
                        frame.delivery().droppable());
    }

    byte[] encoded() {
        List<Object> all = new ArrayList<>();
        all.add(name);
        all.addAll(SocketIoValues.arguments(data, attachments));
        return MessagePack.write(List.of(
                uid,
                ordered("type", EVENT, "data", all, "nsp", namespace),
                ordered("rooms", rooms, "flags", isVolatile ? Map.of("volatile", true) : Map.of(), "except", except)));
    }

    private static Map<String, Object> ordered(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    /** Where it is published. */
    String channel() {
        return "socket.io#" + namespace + "#" + (rooms.size() == 1 ? rooms.get(0) + "#" : "");
    }
}
