package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.Member;
import dev.hubbub.Position;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The members of one open room on this node, and the delivery of its events to them. The {@link Broker} gives the order; this
 * class puts each event into the members' outboxes under its lock, and does nothing else with the lock. Sockets are written
 * after it was released.
 *
 * <p>A room exists while it has members, or lost ones that may return. Then it is closed for good, and a later join makes
 * another one; position and memory belong to the broker and outlive it.
 */
final class RoomState implements Broker.Follower {
    /** Presence events that are sent together. */
    private static final int MAX_TOGETHER = 64;

    private final String name;
    private final Broker broker;
    private final HubServices services;
    /** The room of all clients or of a user: its members do not know that they are in it. */
    private final boolean hidden;

    private final RoomHook hook;
    private final Timers timers;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final RoomMembers members;
    private final PresenceAnnouncer announcer;
    private final Greeter greeter;
    private Position position = new Position("", 0);
    /** Whether it has had a member. */
    private volatile boolean used;

    private boolean closed;

    /** Shows the room's events to an operator; null if nobody looks. */
    volatile Tap tap;

    private volatile CompletionStage<Void> opening;

    RoomState(
            String name,
            boolean hidden,
            Broker broker,
            HubServices services,
            PresenceRules.Presence presence,
            Outbox.Limits outboxes,
            KeptValues kept,
            RoomHook hook,
            Supplier<Leases.Lease> lease) {
        this.name = name;
        this.hidden = hidden;
        this.broker = broker;
        this.services = services;
        this.hook = hook;
        timers = new Timers("room " + name, services.scheduler(), services.application()::execute, lease);
        members = new RoomMembers(outboxes);
        announcer = new PresenceAnnouncer(
                name,
                presence,
                members,
                Math.min(MAX_TOGETHER, outboxes.events() / 2),
                pause -> services.scheduler().schedule("presence", pause, this::announce));
        greeter = new Greeter(name, members, announcer, kept, outboxes);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** @return the outboxes to write now that the lock was released */
    private List<Outbox> locked(Consumer<List<Outbox>> sending) {
        List<Outbox> toWrite = new ArrayList<>();
        locked(() -> {
            sending.accept(toWrite);
            return null;
        });
        return toWrite;
    }

    /** What the application does when clients join and leave; null for nothing. */
    RoomHook hook() {
        return hook;
    }

    Timers timers() {
        return timers;
    }

    /** Whether a client is a member, or a lost one that may return. */
    boolean shows(LocalClient client) {
        return locked(() -> members.shows(client));
    }

    /**
     * Keeps a place for a client that is about to join, so that the room stays open for it and is not full then.
     *
     * @return false if the room has been closed
     * @throws EventException {@code too-large} if the room is full
     */
    boolean reserve(Join join) {
        return locked(() -> {
            if (!closed) {
                members.reserve(join.client(), join.max());
            }
            return !closed;
        });
    }

    /** The client does not join. */
    void cancelReservation(LocalClient client) {
        locked(() -> {
            members.cancelReservation(client);
            return null;
        });
    }

    /** Opens the room if that has not been done yet, or has failed. */
    CompletionStage<Void> open() {
        CompletionStage<Void> stage = opening;
        if (stage == null || hasFailed(stage)) {
            synchronized (this) {
                if (opening == null || hasFailed(opening)) {
                    opening = broker.open(name, this);
                }
                stage = opening;
            }
        }
        return stage;
    }

    /** Whether it is known who is in the room. */
    boolean isOpen() {
        CompletionStage<Void> stage = opening;
        return stage != null && stage.toCompletableFuture().isDone() && !hasFailed(stage);
    }

    private static boolean hasFailed(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isCompletedExceptionally();
    }

    @Override
    public void opened(Position now) {
        locked(() -> position = now);
    }

    /**
     * Adds a member; the room is open.
     *
     * @return completes when {@code hello} and all that was missed are in its outbox; null if the room has been closed and the
     *     caller must find the next one
     * @throws EventException {@code disconnected}, or {@code too-large} if the room is full
     */
    CompletionStage<Void> join(Join join) {
        LocalClient client = join.client();
        List<Outbox> toWrite = new ArrayList<>();
        boolean reads;
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            members.requirePlace(client, join.max());
            // With this lock, as in leave(): a client's rooms and their members never disagree, whatever threads are at
            // work, so a client that disconnects is removed from each room that it is in.
            if (!hidden && !client.joined(name, join.member())) {
                throw new EventException(EventException.DISCONNECTED, "The client has disconnected");
            }
            used = true;
            boolean isNew = !members.has(client);
            Member before = members.put(client, join.member(), join.aware());
            announcer.joined(client, join.member(), isNew, !join.member().equals(before), toWrite);
            announceElsewhere(join, isNew || !join.member().equals(before));
            reads = isNew && (join.returns() || join.last() > 0);
            if (reads) {
                members.hold(client);
            } else {
                greeter.greet(join, null, position, toWrite);
            }
        } finally {
            lock.unlock();
        }
        services.writers().write(toWrite);
        return reads ? sendEarlier(join) : CompletableFuture.completedFuture(null);
    }

    /**
     * Sends what the client has missed, or the last events. The broker is asked without the lock, which comes after the broker's
     * own; what happens in the room meanwhile is held.
     */
    private CompletionStage<Void> sendEarlier(Join join) {
        return EarlierEvents.read(broker, name, join).thenAccept(earlier -> {
            services.writers().write(locked(toWrite -> {
                if (members.isHeld(join.client())) {
                    greeter.greetWith(earlier, join, position, toWrite);
                }
            }));
        });
    }

    /**
     * Removes a member.
     *
     * @param mayReturn whether the others are not told until it is {@linkplain #giveUp given up}
     * @return false if the client was no member
     */
    boolean leave(LocalClient client, boolean mayReturn, List<Outbox> toWrite) {
        return locked(() -> {
            if (!members.remove(client, mayReturn)) {
                return false;
            }
            if (!hidden) {
                client.left(name, position.epoch());
            }
            boolean leaves = !mayReturn && !members.isElsewhere(client);
            announcer.left(client, leaves, toWrite);
            if (leaves && !hidden) {
                broker.announce(name, () -> new Broker.MemberChange(client.id(), null, false));
            }
            return true;
        });
    }

    /** A lost client has not returned in time. @return false if it has, or was not lost */
    boolean giveUp(LocalClient client, List<Outbox> toWrite) {
        return locked(() -> {
            boolean gone = members.giveUp(client);
            if (gone) {
                announcer.gaveUp(client, toWrite);
                broker.announce(name, () -> new Broker.MemberChange(client.id(), null, false));
            }
            return gone;
        });
    }

    /** Whether it has had a member; asked after it was closed. */
    boolean isUsed() {
        return used;
    }

    /** The client may now know, or may no longer know, who is in the room; if it may, it is sent {@code hello} again. */
    void setAware(LocalClient client, boolean aware, List<Outbox> toWrite) {
        locked(() -> {
            if (members.has(client) && members.isUnaware(client) == aware) {
                announcer.flush(toWrite);
                members.setAware(client, aware);
                members.send(client, announcer.hello(client, null, position).at(position), toWrite);
            }
            return null;
        });
    }

    /** Closes the room if nobody is in it or about to join. @return whether it was closed by this call */
    boolean closeIfEmpty() {
        lock.lock();
        try {
            if (closed || !members.isEmpty()) {
                return false;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        timers.end();
        return true;
    }

    @Override
    public Runnable deliver(Frame event, Set<String> except, Set<String> reached) {
        Tap shown = tap;
        if (shown != null) {
            shown.show(event);
        }
        List<Outbox> toWrite = new ArrayList<>();
        lock.lock();
        try {
            if (event.position() != null) {
                position = event.position();
            }
            announcer.flush(toWrite);
            if (reached == null && except.isEmpty()) {
                for (LocalClient member : members.present()) {
                    members.send(member, event, toWrite);
                }
            } else {
                deliverToSome(event, except, reached == null ? Set.of() : reached, toWrite);
                if (reached != null) {
                    members.present().forEach(member -> reached.add(member.id()));
                }
            }
        } finally {
            lock.unlock();
        }
        return services.writers().writing(toWrite);
    }

    private void deliverToSome(Frame event, Set<String> except, Set<String> reached, List<Outbox> toWrite) {
        for (LocalClient member : members.present()) {
            if (!except.contains(member.id()) && !reached.contains(member.id())) {
                members.send(member, event, toWrite);
            }
        }
    }

    /** Called with the lock. */
    private void announceElsewhere(Join join, boolean changed) {
        if (changed && !hidden) {
            LocalClient client = join.client();
            broker.announce(
                    name,
                    () -> new Broker.MemberChange(
                            client.id(),
                            Json.write(join.member()),
                            client.proof().mayReturn()));
        }
    }

    @Override
    public Runnable elsewhere(List<Broker.MemberChange> changes, int count) {
        return services.writers().writing(locked(toWrite -> announcer.elsewhere(changes, count, toWrite)));
    }

    private record Lost(String room, Position position) {}

    @Override
    public Runnable lost(Position now) {
        Frame frame = EventEncoder.event(Protocol.LOST, new Lost(name, now));
        return services.writers().writing(locked(toWrite -> {
            position = now;
            if (!hidden) {
                members.present().forEach(member -> members.send(member, frame, toWrite));
            }
        }));
    }

    @Override
    public int presenceLimit() {
        return announcer.limit();
    }

    private void announce() {
        services.writers().handOver(locked(announcer::announce));
    }

    /** Members on all nodes. */
    int size() {
        return locked(() -> members.present().size() + members.elsewhere());
    }

    boolean has(LocalClient client) {
        return locked(() -> members.has(client));
    }

    List<Member> members() {
        return locked(() -> members.list());
    }

    List<Client> clients() {
        return locked(() -> List.copyOf(members.present()));
    }

    Position position() {
        return locked(() -> position);
    }
}
