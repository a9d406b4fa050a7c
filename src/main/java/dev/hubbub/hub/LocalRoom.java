package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Group;
import dev.hubbub.Join;
import dev.hubbub.Member;
import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.Timer;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.access.RoomPermissions;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Positions;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * A room by its name; whether it is open is looked up by each call.
 *
 * @param sender the client whose events are published through this object; null for the application
 */
record LocalRoom(
        Rooms rooms, HubServices services, HubConfig config, ConnectionLimiter connections, String name, Client sender)
        implements Room {
    private static final int MAX_LAST = 1_000;
    private static final int MAX_PAGE = 1_000;

    LocalRoom {
        if (!Protocol.isName(name) || !Protocol.isPrintable(name)) {
            throw new EventException(
                    EventException.INVALID_DATA,
                    "A room name must have 1 to " + Protocol.MAX_NAME + " characters and no control characters");
        }
    }

    @Override
    public void emit(String event, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        rooms.publish(name, EventEncoder.event(event, data, attachments, delivery), Set.of(), source());
    }

    private Source source() {
        return sender == null ? Source.SERVER : Source.user(sender.identity().name());
    }

    @Override
    public CompletionStage<Position> publish(
            String event, Object data, List<ByteBuffer> attachments, Client... except) {
        return publish(event, data, attachments, null, except);
    }

    @Override
    public CompletionStage<Position> publish(
            String event, Object data, List<ByteBuffer> attachments, String key, Client... except) {
        if (key != null && !Protocol.isName(key)) {
            throw new IllegalArgumentException("A key must have 1 to " + Protocol.MAX_NAME + " characters");
        }
        return rooms.publish(
                name,
                EventEncoder.event(event, data, attachments, Delivery.ALL),
                except.length == 0 ? Set.of() : Exclusion.of(sender, except),
                source().withKey(key));
    }

    @Override
    public Group except(Client... clients) {
        return new Selection(rooms, Set.of(name), Exclusion.of(sender, clients), source(), sender);
    }

    @Override
    public void keep(String event, String key, Object data, Duration timeToLive, Duration atMostEvery) {
        if (timeToLive != null && (timeToLive.isNegative() || timeToLive.isZero())) {
            throw new IllegalArgumentException("The time to live must be positive, not " + timeToLive);
        }
        Delivery delivery = Delivery.latest(KeptValues.deliveryKey(event, key));
        Frame frame = EventEncoder.event(
                event, data, List.of(), atMostEvery == null ? delivery : delivery.atMostEvery(atMostEvery));
        Source source = source();
        rooms.kept().keep(name, frame, timeToLive, value -> rooms.publish(name, value, Set.of(), source));
    }

    @Override
    public boolean forget(String event, String key) {
        return rooms.kept().forget(name, KeptValues.deliveryKey(event, key));
    }

    @Override
    public CompletionStage<Page> history(Position before, int limit) {
        return history(null, config.maxPage(), before, limit);
    }

    @Override
    public CompletionStage<Page> history(Client reader, Position before, int limit) {
        RoomPermissions permissions = rooms.permissions(name);
        if (!permissions.mayBeIn(reader)) {
            throw new EventException(EventException.FORBIDDEN, "You may not join this room");
        }
        if (!has(reader) && !permissions.mayReadHistory(reader)) {
            throw new EventException(EventException.NOT_IN_ROOM, "You are not in the room; join it first");
        }
        return history((LocalClient) reader, config.maxPage(), before, limit);
    }

    private CompletionStage<Page> history(LocalClient reader, long maxBytes, Position before, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new EventException(
                    EventException.INVALID_DATA, "The limit must be 1 to " + MAX_PAGE + ", not " + limit);
        }
        return new HistoryPages(rooms, name, reader, maxBytes).read(before, limit);
    }

    @Override
    public CompletionStage<Void> join(Client client, Join join) {
        Member member = member(client, join);
        LocalClient local = (LocalClient) client;
        // A policy is asked before the room is opened: should it throw, nothing is left behind.
        return join(
                local, member, join, Integer.MAX_VALUE, rooms.permissions(name).maySeeMembers(client));
    }

    private CompletionStage<Void> join(LocalClient client, Member member, Join join, int max, boolean aware) {
        Map<String, Long> seen = null;
        if (join.since() != null || join.last() > 0) {
            client.tellPositions();
            seen = Positions.parse(join.since());
        }
        return rooms.join(name, new dev.hubbub.hub.Join(client, member, aware, seen, join, max, null));
    }

    @Override
    public CompletionStage<Void> admit(Client client, Join join) {
        Member member = member(client, join);
        LocalClient local = (LocalClient) client;
        RoomPermissions permissions = rooms.permissions(name);
        if (!permissions.mayBlock() || services.callersMayBlock()) {
            return admit(local, member, join, permissions);
        }
        local.mailbox().hold();
        CompletionStage<CompletionStage<Void>> admitting;
        try {
            admitting = CompletableFuture.supplyAsync(
                    () -> admit(local, member, join, permissions), services.application());
        } catch (RejectedExecutionException e) {
            local.mailbox().release();
            throw new EventException(EventException.OVERLOADED, "The server has too much to do", e);
        }
        return admitting
                .thenCompose(joining -> joining)
                .whenComplete((nothing, failure) -> local.mailbox().release());
    }

    private CompletionStage<Void> admit(LocalClient client, Member member, Join join, RoomPermissions permissions) {
        if (!permissions.mayJoin(client, join)) {
            throw new EventException(EventException.FORBIDDEN, "You may not join this room");
        }
        boolean aware = permissions.maySeeMembers(client);
        if (client.rooms().size() >= connections.limits().rooms() && !has(client)) {
            throw new EventException(
                    EventException.TOO_LARGE,
                    "You are in " + connections.limits().rooms() + " rooms, which is the limit");
        }
        int max = Math.min(permissions.maxMembers(), connections.limits().members());
        return new RoomPlaces(rooms, name).take(client, max, () -> join(client, member, join, max, aware));
    }

    @Override
    public boolean mayPublish(Client client) {
        return rooms.permissions(name).mayPublish(client);
    }

    /** The client as the members will see it. */
    private static Member member(Client client, Join join) {
        String nick = join.nick();
        if (join.last() < 0 || join.last() > MAX_LAST) {
            throw new EventException(
                    EventException.INVALID_DATA,
                    "The member \"last\" must be 0 to " + MAX_LAST + ", not " + join.last());
        }
        if (nick != null && !Protocol.isPrintable(nick)) {
            throw new EventException(EventException.INVALID_DATA, "A nick must have no control characters");
        }
        if (nick != null && nick.length() > Protocol.MAX_NICK) {
            throw new EventException(
                    EventException.TOO_LARGE, "A nick must have at most " + Protocol.MAX_NICK + " characters");
        }
        if (join.data() != null
                && join.data().json().getBytes(StandardCharsets.UTF_8).length > Protocol.MAX_MEMBER_DATA) {
            throw new EventException(
                    EventException.TOO_LARGE,
                    "The data of a member must have at most " + Protocol.MAX_MEMBER_DATA + " bytes");
        }
        return new Member(client.id(), nick, join.data());
    }

    @Override
    public boolean leave(Client client) {
        return rooms.leave((LocalClient) client, name);
    }

    @Override
    public boolean expel(Client client) {
        return rooms.expel((LocalClient) client, name, "expelled");
    }

    @Override
    public Timer every(String timer, Duration interval, Runnable task) {
        RoomState room = rooms.find(name);
        if (room == null) {
            throw new IllegalStateException(
                    "The room " + name + " has no members, and its timers end with the last one."
                            + " Start it when a client joins, or use hub.every");
        }
        return room.timers().every(timer, interval, task);
    }

    @Override
    public Timer every(Duration interval, Runnable task) {
        return every(null, interval, task);
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
    public List<Client> clients() {
        RoomState room = rooms.find(name);
        return room == null ? List.of() : room.clients();
    }

    @Override
    public CompletionStage<List<Member>> fetchMembers() {
        return rooms.directory() == rooms
                ? CompletableFuture.completedFuture(members())
                : rooms.directory().occupants(name).thenApply(RoomDirectory.Occupants::members);
    }

    @Override
    public CompletionStage<Boolean> delete(Position position) {
        return rooms.delete(name, position).thenApply(deleted -> {
            if (deleted) {
                emit("deleted", new Deleted(name, position));
            }
            return deleted;
        });
    }

    private record Deleted(String room, Position position) {}

    @Override
    public CompletionStage<Long> deleteAll() {
        return rooms.deleteAll(name);
    }

    @Override
    public long position() {
        Position position = rooms.position(name);
        return position == null ? 0 : position.number();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalRoom room && room.name.equals(name) && room.rooms == rooms;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "room " + name;
    }
}
