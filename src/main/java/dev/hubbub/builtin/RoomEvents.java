package dev.hubbub.builtin;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Join;
import dev.hubbub.OnEvent;
import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.Room;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The built-in events of rooms: {@code join}, {@code message}, {@code broadcast}, {@code history} and {@code leave}. Data without
 * a member {@code room} means the room {@code lobby}.
 */
@EventHandlers
public class RoomEvents {
    private static final String LOBBY = "lobby";
    private static final int MAX_PAGE = 100;
    private static final long DEFAULT_PAGE = 50;

    /** The acknowledgement of an event that was published. */
    private record Published(Position position) {}

    @OnEvent(value = "join", blocking = false)
    CompletionStage<Void> join(Client client, Data data) {
        if (!data.isNull() && !data.isObject()) {
            throw new EventException(
                    EventException.INVALID_DATA, "The data of join must be an object like {\"room\": \"lobby\"}");
        }
        return room(client, data).admit(client, Join.of(data));
    }

    @OnEvent(value = "message", blocking = false)
    CompletionStage<Published> message(Client client, Room room, Event event) {
        requireMayPublish(client, room);
        Data data = withSender(client, room, event);
        return answered(client, event, room.publish("message", data, event.attachments(), event.key()));
    }

    @OnEvent(value = "broadcast", blocking = false)
    CompletionStage<Published> broadcast(Client client, Room room, Event event) {
        requireMayPublish(client, room);
        Data data = withSender(client, room, event);
        return answered(client, event, room.publish("broadcast", data, event.attachments(), event.key(), client));
    }

    @OnEvent(value = "history", blocking = false)
    CompletionStage<Page> history(Client client, Event event) {
        Data data = event.data();
        if (!event.wantsAck()) {
            throw new EventException(EventException.INVALID_DATA, "The event history must have an id");
        }
        Long named = data.integer("limit");
        long limit = named == null ? DEFAULT_PAGE : named;
        if (limit < 1 || limit > MAX_PAGE) {
            throw new EventException(
                    EventException.INVALID_DATA, "The member \"limit\" must be 1 to " + MAX_PAGE + ", not " + limit);
        }
        String before = data.string("before");
        Position position = before == null ? null : Position.parse(before).orElse(null);
        if (before != null && position == null) {
            throw new EventException(
                    EventException.INVALID_DATA, "The member \"before\" must be the position of an event");
        }
        return room(client, data).history(client, position, (int) limit);
    }

    @OnEvent(value = "leave", blocking = false)
    void leave(Client client, Room room) {
        room.leave(client);
        client.emit("left", Data.NULL.with("room", room.name(), "id", client.id()));
    }

    private record Failed(String code, String message) {}

    /**
     * The acknowledgement of an event that is being published. A client that wants none is told only if the event could not be
     * published; meanwhile it may send more.
     */
    private static CompletionStage<Published> answered(
            Client client, Event event, CompletionStage<Position> publishing) {
        if (event.wantsAck() || event.key() != null) {
            return publishing.thenApply(Published::new);
        }
        CompletableFuture<Position> future = publishing.toCompletableFuture();
        if (!future.isDone() || future.isCompletedExceptionally()) {
            future.whenComplete((position, failure) -> {
                if (failure instanceof EventException error) {
                    client.emit("error", new Failed(error.code(), error.getMessage()));
                }
            });
        }
        return null;
    }

    private static Room room(Client client, Data data) {
        String name = data.string("room");
        return client.room(name == null ? LOBBY : name);
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
