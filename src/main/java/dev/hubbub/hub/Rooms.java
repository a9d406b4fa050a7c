package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.LeaveReason;
import dev.hubbub.Member;
import dev.hubbub.Position;
import dev.hubbub.access.RoomPermissions;
import dev.hubbub.access.RoomRules;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** The rooms of one namespace that are open on this node: it opens and closes them, and finds them by name. */
final class Rooms implements RoomDirectory {
    /**
     * The room of all clients of the namespace. Like every reserved name it begins with a control character, which no other name
     * may contain.
     */
    static final String EVERYONE = "\u0001all";

    /** How often kept values are removed whose time is over, if nobody joins their rooms. */
    private static final Duration KEPT_CHECK = Duration.ofMinutes(1);

    /** Of events that have none, because they may be replaced by others before they are sent. */
    private static final CompletionStage<Position> NO_POSITION = CompletableFuture.completedFuture(null);

    private static final CompletionStage<Map<String, Position>> NO_POSITIONS =
            CompletableFuture.completedFuture(Map.of());

    private static final String USER = "\u0001user ";

    private final Map<String, RoomState> open = new ConcurrentHashMap<>();
    private final Broker broker;
    private final HubServices services;
    private final PresenceRules presence;
    private final RoomRules rules;
    private final Outbox.Limits outboxes;
    private final KeptValues kept;
    private final Conflater conflater;
    private volatile Function<String, RoomHook> hooks = room -> null;
    private volatile Leases leases = Leases.ALONE;
    /** That of all nodes; this one if there are no others. */
    private volatile RoomDirectory directory = this;

    Rooms(Broker broker, HubServices services, PresenceRules presence, RoomRules rules, Outbox.Limits outboxes) {
        this.broker = broker;
        this.services = services;
        this.presence = presence;
        this.rules = rules;
        this.outboxes = outboxes;
        kept = new KeptValues(outboxes);
        conflater = new Conflater(services);
        services.scheduler().repeat("kept values", KEPT_CHECK, kept::removeOver);
    }

    /** The room of all clients of an authenticated user. */
    static String user(String name) {
        return USER + name;
    }

    static boolean isReserved(String room) {
        return room.charAt(0) == EVERYONE.charAt(0);
    }

    /** @param byRoom returns null if nothing is to be called for a room */
    void setHooks(Function<String, RoomHook> byRoom) {
        hooks = byRoom;
    }

    void setLeases(Leases shared) {
        leases = shared;
        shared.onEmptied(this::emptiedElsewhere);
    }

    /** The last members were on another node, which is gone. */
    private void emptiedElsewhere(String name) {
        RoomHook hook = isReserved(name) ? null : hooks.apply(name);
        if (hook != null) {
            try {
                services.application().execute(hook::empty);
            } catch (RejectedExecutionException stopped) {
                // this node stops
            }
        }
    }

    void setDirectory(RoomDirectory shared) {
        directory = shared;
    }

    RoomDirectory directory() {
        return directory;
    }

    @Override
    public CompletionStage<Page> page(String after, int limit) {
        List<String> names = names().stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .sorted()
                .limit(limit + 1L)
                .toList();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (String name : names.subList(0, Math.min(limit, names.size()))) {
            RoomState room = open.get(name);
            if (room != null) {
                sizes.put(name, room.size());
            }
        }
        return CompletableFuture.completedFuture(new Page(sizes, names.size() > limit ? names.get(limit - 1) : null));
    }

    @Override
    public CompletionStage<Occupants> occupants(String name) {
        RoomState room = open.get(name);
        List<Member> members = room == null ? List.of() : room.members();
        return CompletableFuture.completedFuture(new Occupants(
                members.size(), members.size() > MAX_MEMBERS ? members.subList(0, MAX_MEMBERS) : members));
    }

    private RoomState create(String name) {
        boolean hidden = isReserved(name);
        PresenceRules.Presence told = hidden ? PresenceRules.NONE : presence.of(name);
        RoomHook hook = hidden ? null : hooks.apply(name);
        return new RoomState(
                name,
                hidden,
                broker,
                services,
                told,
                outboxes,
                kept,
                hook,
                () -> leases.compete("timers of room " + name));
    }

    Broker broker() {
        return broker;
    }

    KeptValues kept() {
        return kept;
    }

    Conflater conflater() {
        return conflater;
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
     * @throws EventException {@code disconnected}, {@code too-large} if the room is full, and what the application refuses it with
     */
    CompletionStage<Void> join(String name, Join join) {
        RoomState found = open.get(name);
        RoomState room = found == null ? open.computeIfAbsent(name, this::create) : found;
        CompletableFuture<Void> opened = room.open().toCompletableFuture();
        if (opened.isDone() && !opened.isCompletedExceptionally()) {
            return held(join.client(), joinOpened(room, name, join, services.callersMayBlock()));
        }
        return held(
                join.client(),
                opened.whenComplete((nothing, failure) -> {
                            if (failure != null) {
                                closeIfEmpty(name, room, join.client());
                            }
                        })
                        .thenCompose(nothing -> joinOpened(room, name, join, false)));
    }

    /** @param mayBlock whether this thread may run code of the application */
    private CompletionStage<Void> joinOpened(RoomState room, String name, Join join, boolean mayBlock) {
        RoomHook hook = room.hook();
        if (hook == null || room.shows(join.client())) {
            return enter(room, name, join);
        }
        if (!room.reserve(join)) {
            open.remove(name, room);
            return join(name, join);
        }
        if (mayBlock) {
            return enterHooked(room, name, join, hook);
        }
        try {
            return CompletableFuture.supplyAsync(() -> enterHooked(room, name, join, hook), services.application())
                    .thenCompose(entered -> entered);
        } catch (RejectedExecutionException e) {
            abandon(room, name, join.client());
            throw new EventException(EventException.OVERLOADED, "The server has too much to do", e);
        }
    }

    private CompletionStage<Void> enterHooked(RoomState room, String name, Join join, RoomHook hook) {
        try {
            hook.joining(join.client(), join.request());
        } catch (EventException refused) {
            abandon(room, name, join.client());
            throw refused;
        }
        try {
            return enter(room, name, join);
        } catch (EventException disconnected) {
            abandon(room, name, join.client());
            left(room, join.client(), LeaveReason.LOST);
            throw disconnected;
        }
    }

    /** The client does not enter the room after all. */
    private void abandon(RoomState room, String name, LocalClient client) {
        room.cancelReservation(client);
        closeIfEmpty(name, room, client);
    }

    private CompletionStage<Void> enter(RoomState room, String name, Join join) {
        CompletionStage<Void> joined;
        try {
            joined = room.join(join);
        } catch (EventException disconnected) {
            closeIfEmpty(name, room, join.client());
            throw disconnected;
        }
        if (joined == null) {
            open.remove(name, room);
            return join(name, join);
        }
        return joined;
    }

    private static CompletionStage<Void> held(LocalClient client, CompletionStage<Void> joining) {
        if (!joining.toCompletableFuture().isDone()) {
            client.mailbox().hold();
            joining.whenComplete((nothing, failure) -> client.mailbox().release());
        }
        return joining;
    }

    /** @return false if the client was no member */
    boolean leave(LocalClient client, String name) {
        return leave(client, name, LeaveReason.LEFT);
    }

    private boolean leave(LocalClient client, String name, LeaveReason reason) {
        List<Outbox> toWrite = new ArrayList<>();
        boolean left = leave(client, name, false, reason, toWrite);
        services.writers().write(toWrite);
        return left;
    }

    private record Expelled(String room, String id, String reason) {}

    /**
     * Removes a client and tells it why.
     *
     * @return false if it was no member
     */
    boolean expel(LocalClient client, String name, String reason) {
        boolean left = leave(client, name, LeaveReason.EXPELLED);
        if (left) {
            client.emit(Protocol.LEFT, new Expelled(name, client.id(), reason));
        }
        return left;
    }

    /** @param mayReturn whether the members are not told yet */
    boolean leave(LocalClient client, String name, boolean mayReturn, LeaveReason reason, List<Outbox> toWrite) {
        RoomState room = open.get(name);
        if (room == null || !room.leave(client, mayReturn, toWrite)) {
            return false;
        }
        if (!mayReturn) {
            left(room, client, reason);
        }
        closeIfEmpty(name, room, client);
        return true;
    }

    /** The client was lost and has not returned: its rooms are told. */
    void giveUp(LocalClient client, Collection<String> names, LeaveReason reason) {
        List<Outbox> toWrite = new ArrayList<>();
        for (String name : names) {
            RoomState room = open.get(name);
            if (room != null && room.giveUp(client, toWrite)) {
                left(room, client, reason);
                closeIfEmpty(name, room, client);
            }
        }
        services.writers().handOver(toWrite);
    }

    private static void left(RoomState room, LocalClient client, LeaveReason reason) {
        RoomHook hook = room.hook();
        if (hook != null) {
            client.mailbox().addLast(() -> hook.left(client, reason));
        }
    }

    /** @param last the client that was in it */
    private void closeIfEmpty(String name, RoomState room, LocalClient last) {
        if (!room.closeIfEmpty()) {
            return;
        }
        open.remove(name, room);
        broker.close(name, room);
        RoomHook hook = room.hook();
        if (hook != null && room.isUsed()) {
            // In the mailbox of the last member, so that this comes after it has left.
            leases.whenEmpty(name, () -> last.mailbox().addLast(hook::empty));
        }
    }

    CompletionStage<Position> publish(String room, Frame event, Set<String> except, Source source) {
        check(except);
        if (event.delivery().interval() != null) {
            conflater.send(List.of(room, except), event, frame -> broker.publish(room, frame, except, source));
            return NO_POSITION;
        }
        return broker.publish(room, event, except, source);
    }

    CompletionStage<Map<String, Position>> publish(
            Collection<String> rooms, Frame event, Set<String> except, Source source) {
        check(except);
        if (event.delivery().interval() != null) {
            Set<String> names = Set.copyOf(rooms);
            conflater.send(List.of(names, except), event, frame -> broker.publish(names, frame, except, source));
            return NO_POSITIONS;
        }
        return broker.publish(rooms, event, except, source);
    }

    private static void check(Set<String> except) {
        if (except.size() > Broker.MAX_EXCLUDED) {
            throw new EventException(
                    EventException.TOO_LARGE,
                    "An event can exclude at most " + Broker.MAX_EXCLUDED + " clients and users, not " + except.size());
        }
    }

    /** Where a room is; null if nobody knows it. */
    Position position(String name) {
        RoomState room = open.get(name);
        return room == null ? broker.position(name) : room.position();
    }

    /** What was missed of a room by somebody who has seen these numbers, by epoch. */
    CompletionStage<Broker.HistoryRead> missed(String name, Map<String, Long> since) {
        return broker.since(name, since, Integer.MAX_VALUE);
    }

    CompletionStage<Boolean> delete(String name, Position position) {
        return broker.delete(name, position);
    }

    CompletionStage<Long> deleteAll(String name) {
        return broker.deleteAll(name);
    }

    CompletionStage<Void> forgetEvents() {
        return broker.forgetEvents();
    }

    /** The last events before a position; null for the last events of the room. */
    CompletionStage<Broker.HistoryPage> before(String name, Position before, int limit) {
        return broker.before(name, before, limit);
    }
}
