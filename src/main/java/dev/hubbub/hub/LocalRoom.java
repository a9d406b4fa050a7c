package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Group;
import dev.hubbub.Member;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.access.Limits;
import dev.hubbub.access.RoomPermissions;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Positions;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** A room by its name; whether it is open is looked up by each call. */
record LocalRoom(Rooms rooms, HubServices services, Limits limits, String name) implements Room {
    LocalRoom {
        if (!Protocol.isName(name) || !Protocol.isPrintable(name)) {
            throw new EventException(
                    EventException.INVALID_DATA,
                    "A room name must have 1 to " + Protocol.MAX_NAME + " characters and no control characters");
        }
    }

    @Override
    public void emit(String event, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        rooms.publish(name, EventEncoder.event(event, data, attachments, delivery), Set.of());
    }

    @Override
    public CompletionStage<Position> publish(
            String event, Object data, List<ByteBuffer> attachments, Client... except) {
        return rooms.publish(
                name, EventEncoder.event(event, data, attachments, Delivery.ALL), Selection.ids(Set.of(except)));
    }

    @Override
    public Group except(Client... clients) {
        return new Selection(rooms, Set.of(name), Selection.ids(Set.of(clients)));
    }

    @Override
    public CompletionStage<Void> join(Client client, String nick) {
        return join(client, nick, null);
    }

    @Override
    public CompletionStage<Void> join(Client client, String nick, String since) {
        checkNick(nick);
        LocalClient local = (LocalClient) client;
        // A policy is asked before the room is opened: should it throw, nothing is left behind.
        return join(local, nick, since, rooms.permissions(name).maySeeMembers(client));
    }

    private CompletionStage<Void> join(LocalClient client, String nick, String since, boolean aware) {
        Map<String, Long> seen = null;
        if (since != null) {
            client.tellPositions();
            seen = Positions.parse(since);
        }
        return rooms.join(name, new RoomState.Join(client, nick, aware, seen, null));
    }

    @Override
    public CompletionStage<Void> admit(Client client, String nick, String since) {
        checkNick(nick);
        LocalClient local = (LocalClient) client;
        RoomPermissions permissions = rooms.permissions(name);
        if (!permissions.mayBlock() || services.callersMayBlock()) {
            return admit(local, nick, since, permissions);
        }
        local.mailbox().hold();
        CompletionStage<CompletionStage<Void>> admitting;
        try {
            admitting =
                    CompletableFuture.supplyAsync(() -> admit(local, nick, since, permissions), services.application());
        } catch (RejectedExecutionException e) {
            local.mailbox().release();
            throw new EventException(EventException.OVERLOADED, "The server has too much to do", e);
        }
        return admitting
                .thenCompose(joining -> joining)
                .whenComplete((nothing, failure) -> local.mailbox().release());
    }

    private CompletionStage<Void> admit(LocalClient client, String nick, String since, RoomPermissions permissions) {
        if (!permissions.mayJoin(client)) {
            throw new EventException(EventException.FORBIDDEN, "You may not join this room");
        }
        boolean aware = permissions.maySeeMembers(client);
        if (!has(client)) {
            if (client.rooms().size() >= limits.rooms()) {
                throw new EventException(
                        EventException.TOO_LARGE, "You are in " + limits.rooms() + " rooms, which is the limit");
            }
            if (size() >= limits.members()) {
                throw new EventException(EventException.TOO_LARGE, "The room is full");
            }
        }
        return join(client, nick, since, aware);
    }

    @Override
    public boolean mayPublish(Client client) {
        return rooms.permissions(name).mayPublish(client);
    }

    private static void checkNick(String nick) {
        if (nick != null && !Protocol.isPrintable(nick)) {
            throw new EventException(EventException.INVALID_DATA, "A nick must have no control characters");
        }
        if (nick != null && nick.length() > Protocol.MAX_NICK) {
            throw new EventException(
                    EventException.TOO_LARGE, "A nick must have at most " + Protocol.MAX_NICK + " characters");
        }
    }

    @Override
    public boolean leave(Client client) {
        return rooms.leave((LocalClient) client, name);
    }

    @Override
    public boolean has(Client client) {
        RoomState room = rooms.find(name);
        return room != null && room.has((LocalClient) client);
    }

    @Override
    public int size() {
        RoomState room = rooms.find(name);
        return room == null ? 0 : room.size();
    }

    @Override
    public List<Member> members() {
        RoomState room = rooms.find(name);
        return room == null ? List.of() : room.members();
    }

    @Override
    public CompletionStage<List<Member>> fetchMembers() {
        return CompletableFuture.completedFuture(members());
    }

    @Override
    public long position() {
        Position position = rooms.position(name);
        return position == null ? 0 : position.number();
    }

    @Override
    public String toString() {
        return "room " + name;
    }
}
