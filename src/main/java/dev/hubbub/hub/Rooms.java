package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.access.RoomPermissions;
import dev.hubbub.access.RoomRules;
import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The rooms of one namespace that are open on this node: it opens and closes them, and finds them by name. */
final class Rooms {
    /**
     * The room of all clients of the namespace. Like every reserved name it begins with a control character, which no other name
     * may contain.
     */
    static final String EVERYONE = "\u0001all";

    private static final String USER = "\u0001user ";

    private final Map<String, RoomState> open = new ConcurrentHashMap<>();
    private final Broker broker;
    private final HubServices services;
    private final PresenceRules presence;
    private final RoomRules rules;
    private final Outbox.Limits outboxes;

    Rooms(Broker broker, HubServices services, PresenceRules presence, RoomRules rules, Outbox.Limits outboxes) {
        this.broker = broker;
        this.services = services;
        this.presence = presence;
        this.rules = rules;
        this.outboxes = outboxes;
    }

    /** The room of all clients of an authenticated user. */
    static String user(String name) {
        return USER + name;
    }

    private static boolean isReserved(String room) {
        return room.charAt(0) == EVERYONE.charAt(0);
    }

    private RoomState create(String name) {
        boolean hidden = isReserved(name);
        PresenceRules.Presence told = hidden ? PresenceRules.NONE : presence.of(name);
        return new RoomState(name, hidden, broker, services, told, outboxes);
    }

    /** Null if the room is not open. */
    RoomState find(String name) {
        return open.get(name);
    }

    /** The names of the open rooms with members, without reserved ones. */
    List<String> names() {
        return open.entrySet().stream()
                .filter(room -> !isReserved(room.getKey()) && room.getValue().size() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many rooms are open, reserved ones included. */
    int size() {
        return open.size();
    }

    /** What clients may do in a room, whether or not it is open. */
    RoomPermissions permissions(String room) {
        return rules.permissions(room);
    }

    /**
     * Adds a client to a room; see {@link RoomState#join}. Later events of the client wait until it has joined.
     *
     * @throws EventException {@code disconnected}
     */
    CompletionStage<Void> join(String name, Join join) {
        RoomState found = open.get(name);
        RoomState room = found == null ? open.computeIfAbsent(name, this::create) : found;
        CompletionStage<Void> opened = room.open();
        return held(
                join.client(),
                isDone(opened)
                        ? joinOpened(room, name, join)
                        : opened.thenCompose(nothing -> joinOpened(room, name, join)));
    }

    private CompletionStage<Void> joinOpened(RoomState room, String name, Join join) {
        CompletionStage<Void> joined;
        try {
            joined = room.join(join);
        } catch (EventException disconnected) {
            closeIfEmpty(name, room);
            throw disconnected;
        }
        if (joined == null) {
            open.remove(name, room);
            return join(name, join);
        }
        return joined;
    }

    private static CompletionStage<Void> held(LocalClient client, CompletionStage<Void> joining) {
        if (!isDone(joining)) {
            client.mailbox().hold();
            joining.whenComplete((nothing, failure) -> client.mailbox().release());
        }
        return joining;
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    /** @return false if the client was no member */
    boolean leave(LocalClient client, String name) {
        List<Outbox> toWrite = new ArrayList<>();
        boolean left = leave(client, name, false, toWrite);
        services.writers().write(toWrite);
        return left;
    }

    /** @param mayReturn whether the members are not told yet */
    boolean leave(LocalClient client, String name, boolean mayReturn, List<Outbox> toWrite) {
        RoomState room = open.get(name);
        if (room == null || !room.leave(client, mayReturn, toWrite)) {
            return false;
        }
        closeIfEmpty(name, room);
        return true;
    }

    /** The client was lost and has not returned: its rooms are told. */
    void giveUp(LocalClient client, Collection<String> names) {
        List<Outbox> toWrite = new ArrayList<>();
        for (String name : names) {
            RoomState room = open.get(name);
            if (room != null) {
                room.giveUp(client, toWrite);
                closeIfEmpty(name, room);
            }
        }
        services.writers().handOver(toWrite);
    }

    private void closeIfEmpty(String name, RoomState room) {
        if (room.closeIfEmpty()) {
            open.remove(name, room);
            broker.close(name, room);
        }
    }

    CompletionStage<Position> publish(String room, Frame event, Set<String> except, Source source) {
        check(except);
        return broker.publish(room, event, except, source);
    }

    CompletionStage<Map<String, Position>> publish(
            Collection<String> rooms, Frame event, Set<String> except, Source source) {
        check(except);
        return broker.publish(rooms, event, except, source);
    }

    private static void check(Set<String> except) {
        if (except.size() > Broker.MAX_EXCLUDED) {
            throw new EventException(
                    EventException.TOO_LARGE,
                    "An event can exclude at most " + Broker.MAX_EXCLUDED + " clients, not " + except.size());
        }
    }

    /** Where a room is; null if nobody knows it. */
    Position position(String name) {
        RoomState room = open.get(name);
        return room == null ? broker.position(name) : room.position();
    }

    /**
     * What was missed of a room by somebody who has seen these numbers.
     *
     * @param since numbers by epoch
     */
    CompletionStage<Broker.HistoryRead> missed(String name, Map<String, Long> since) {
        return broker.since(name, since, Integer.MAX_VALUE);
    }

    /** The last events before a position; null for the last events of the room. */
    CompletionStage<Broker.HistoryPage> before(String name, Position before, int limit) {
        return broker.before(name, before, limit);
    }
}
