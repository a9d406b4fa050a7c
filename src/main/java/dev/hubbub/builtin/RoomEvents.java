package dev.hubbub.builtin;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;

/** Chat for everyone: come in, talk, go. Data without a {@code room} means the room {@code lobby}. */
@EventHandlers
public class RoomEvents {
    private static final String LOBBY = "lobby";

    @OnEvent(value = "join", blocking = false)
    void join(Client client, Data data) {
        if (!data.isNull() && !data.isObject()) {
            throw new EventException(EventException.INVALID_DATA, "join takes an object like {\"room\": \"lobby\"}");
        }
        String name = data.string("room");
        String nick = data.string("nick");
        client.room(name == null ? LOBBY : name).admit(client, nick, data.string("since"));
    }

    @OnEvent(value = "message", blocking = false)
    void message(Client client, Room room, Event event) {
        mayPublish(client, room);
        room.emit("message", signed(client, room, event), event.attachments(), Delivery.ALL);
    }

    @OnEvent(value = "broadcast", blocking = false)
    void broadcast(Client client, Room room, Event event) {
        mayPublish(client, room);
        room.except(client).emit("broadcast", signed(client, room, event), event.attachments(), Delivery.ALL);
    }

    @OnEvent(value = "leave", blocking = false)
    void leave(Client client, Room room) {
        room.leave(client);
        client.emit("left", Data.NULL.with("room", room.name(), "id", client.id()));
    }

    private static void mayPublish(Client client, Room room) {
        if (!room.mayPublish(client)) {
            throw new EventException(EventException.FORBIDDEN, "You may not speak in this room");
        }
    }

    /** What the sender wrote, and in which room, and who it was: that is not for the sender to say. */
    private static Data signed(Client client, Room room, Event event) {
        return event.data().with("room", room.name(), "from", client.id());
    }
}
