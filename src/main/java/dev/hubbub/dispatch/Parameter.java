package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.Room;
import dev.hubbub.dispatch.HandlerMethod.Kind;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A parameter of a handler: takes its argument from a call. */
@FunctionalInterface
interface Parameter {
    /** The room of events that name none, so that a first try succeeds. */
    String DEFAULT_ROOM = "lobby";

    /**
     * The argument.
     *
     * @throws EventException if the event lacks it
     */
    Object from(Call call);

    /** The kinds that are called for a client. */
    Set<Kind> OF_CLIENTS = EnumSet.of(Kind.EVENT, Kind.CONNECT, Kind.DISCONNECT, Kind.ERROR, Kind.JOIN, Kind.LEAVE);

    /** The types that are not bound to the event's data, and the kinds of handlers that may have them. */
    Map<Class<?>, Set<Kind>> SPECIAL = Map.ofEntries(
            Map.entry(Client.class, OF_CLIENTS),
            Map.entry(Hub.class, EnumSet.allOf(Kind.class)),
            Map.entry(Handshake.class, OF_CLIENTS),
            Map.entry(Room.class, EnumSet.of(Kind.EVENT, Kind.JOIN, Kind.LEAVE, Kind.EMPTY)),
            Map.entry(Event.class, EnumSet.of(Kind.EVENT, Kind.ERROR)),
            Map.entry(Data.class, EnumSet.of(Kind.EVENT)),
            Map.entry(ByteBuffer.class, EnumSet.of(Kind.EVENT)),
            Map.entry(byte[].class, EnumSet.of(Kind.EVENT)),
            Map.entry(Join.class, EnumSet.of(Kind.JOIN)),
            Map.entry(LeaveReason.class, EnumSet.of(Kind.LEAVE)),
            Map.entry(Close.class, EnumSet.of(Kind.DISCONNECT)),
            Map.entry(Throwable.class, EnumSet.of(Kind.ERROR)));

    /** @param type one of {@link #SPECIAL} */
    static Parameter special(Class<?> type, Hub hub) {
        if (type == Client.class) {
            return Call::client;
        }
        if (type == Hub.class) {
            return call -> hub;
        }
        if (type == Handshake.class) {
            return call -> call.client().handshake();
        }
        if (type == Room.class) {
            return Parameter::room;
        }
        if (type == Join.class) {
            return call -> call.membership().join();
        }
        if (type == LeaveReason.class) {
            return call -> call.membership().reason();
        }
        if (type == Event.class) {
            return Call::event;
        }
        if (type == Data.class) {
            return call -> call.event().data();
        }
        if (type == ByteBuffer.class) {
            return call -> call.event().attachment();
        }
        if (type == byte[].class) {
            return call -> bytes(call.event().attachment());
        }
        return type == Close.class ? Call::close : Call::failure;
    }

    /**
     * The event's data, bound to the parameter's type.
     *
     * @param nullable whether a record may be null; other classes may in any case, and primitive types never
     */
    static Parameter payload(Type type, boolean nullable) {
        boolean primitive = type instanceof Class<?> raw && raw.isPrimitive();
        boolean required = type instanceof Class<?> raw && raw.isRecord() && !nullable;
        return call -> {
            Data data = call.event().data();
            if (primitive && data.isNull()) {
                throw new EventException(EventException.INVALID_DATA, "The data must be a " + type.getTypeName());
            }
            if (required && data.isNull()) {
                throw new EventException(EventException.INVALID_DATA, "The data must be an object");
            }
            return data.as(type);
        };
    }

    /** The name of the room in the data of an event. */
    static String roomName(Event event) {
        String name = event.data().string("room");
        return name == null ? DEFAULT_ROOM : name;
    }

    private static Room room(Call call) {
        if (call.membership() != null) {
            return call.membership().room();
        }
        Room room = call.client().room(roomName(call.event()));
        if (!room.has(call.client())) {
            throw new EventException(EventException.NOT_IN_ROOM, "You are not in the room; join it first");
        }
        return room;
    }

    private static byte[] bytes(ByteBuffer attachment) {
        if (attachment == null) {
            return null;
        }
        byte[] bytes = new byte[attachment.remaining()];
        attachment.get(bytes);
        return bytes;
    }
}
