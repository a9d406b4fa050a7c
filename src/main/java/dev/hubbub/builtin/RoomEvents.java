package dev.hubbub.builtin;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.Position;
import dev.hubbub.Room;
import java.util.concurrent.CompletionStage;

/**
 * The built-in events of rooms: {@code join}, {@code message}, {@code broadcast} and {@code leave}. Data without a member {@code
 * room} means the room {@code lobby}.
 */
@EventHandlers
public class RoomEvents {
    private static final String LOBBY = "lobby";

    /** The acknowledgement of an event that was published. */
    private record Published(Position position) {}

    @OnEvent(value = "join", blocking = false)
    CompletionStage<Void> join(Client client, Data data) {
        if (!data.isNull() && !data.isObject()) {
            throw new EventException(
                    EventException.INVALID_DATA, "The data of join must be an object like {\"room\": \"lobby\"}");
        }
        String name = data.string("room");
        String nick = data.string("nick");
        return client.room(name == null ? LOBBY : name).admit(client, nick, data.string("since"));
    }

    @OnEvent(value = "message", blocking = false)
    CompletionStage<Published> message(Client client, Room room, Event event) {
        requireMayPublish(client, room);
        Data data = withSender(client, room, event);
        if (event.wantsAck()) {
            return room.publish("message", data, event.attachments()).thenApply(Published::new);
        }
        room.emit("message", data, event.attachments(), Delivery.ALL);
        return null;
    }

    @OnEvent(value = "broadcast", blocking = false)
    CompletionStage<Published> broadcast(Client client, Room room, Event event) {
        requireMayPublish(client, room);
        Data data = withSender(client, room, event);
        if (event.wantsAck()) {
            return room.publish("broadcast", data, event.attachments(), client).thenApply(Published::new);
        }
        room.except(client).emit("broadcast", data, event.attachments(), Delivery.ALL);
        return null;
    }

    @OnEvent(value = "leave", blocking = false)
    void leave(Client client, Room room) {
        room.leave(client);
        client.emit("left", Data.NULL.with("room", room.name(), "id", client.id()));
    }

    private static void requireMayPublish(Client client, Room room) {
        if (!room.mayPublish(client)) {
            throw new EventException(EventException.FORBIDDEN, "You may not send events to this room");
        }
    }

    /** The sender's data, with the room and the sender's id, which replace such members: a sender cannot forge them. */
    private static Data withSender(Client client, Room room, Event event) {
        return event.data().with("room", room.name(), "from", client.id());
    }
}
