package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.Member;
import dev.hubbub.Position;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

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

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final RoomMembers members;
    private final PresenceAnnouncer announcer;
    private Position position = new Position("", 0);
    private boolean closed;

    private volatile CompletionStage<Void> opening;

    /** What a client is sent first when it joins, in place of {@code hello}. */
    interface Greeting {
        /**
         * The frame; null to send none.
         *
         * @param recovered whether everything follows that was missed; null if the client does not return
         */
        Frame frame(Boolean recovered);

        /** The frame is in the client's outbox, and nothing has been written yet. */
        void queued();
    }

    /**
     * A client that is to become a member.
     *
     * @param nick null for none
     * @param aware whether it is told who else is in the room
     * @param since the numbers that it has seen, by epoch; null if it does not return
     * @param greeting null for {@code hello}
     */
    record Join(LocalClient client, String nick, boolean aware, Map<String, Long> since, Greeting greeting) {}

    RoomState(
            String name,
            boolean hidden,
            Broker broker,
            HubServices services,
            PresenceRules.Presence presence,
            Outbox.Limits outboxes) {
        this.name = name;
        this.hidden = hidden;
        this.broker = broker;
        this.services = services;
        members = new RoomMembers(outboxes);
        announcer = new PresenceAnnouncer(
                name,
                presence,
                members,
                Math.min(MAX_TOGETHER, outboxes.events() / 2),
                pause -> services.scheduler().schedule("presence", pause, this::announce));
    }

    /** Opens the room if that has not been done yet. */
    CompletionStage<Void> open() {
        CompletionStage<Void> stage = opening;
        if (stage == null) {
            synchronized (this) {
                if (opening == null) {
                    opening = broker.open(name, this);
                }
                stage = opening;
            }
        }
        return stage;
    }

    @Override
    public void opened(Position now) {
        lock.lock();
        try {
            position = now;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a member; the room is open.
     *
     * @return completes when {@code hello} and all that was missed are in its outbox; null if the room has been closed and the
     *     caller must find the next one
     * @throws EventException {@code disconnected}
     */
    CompletionStage<Void> join(Join join) {
        LocalClient client = join.client;
        List<Outbox> toWrite = new ArrayList<>();
        Position resumeFrom = null;
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            // With this lock, as in leave(): a client's rooms and their members never disagree, whatever threads are at
            // work, so a client that disconnects is removed from each room that it is in.
            if (!hidden && !client.joined(name, join.nick)) {
                throw new EventException(EventException.DISCONNECTED, "The client has disconnected");
            }
            String shown = join.nick == null ? "" : join.nick;
            boolean isNew = !members.has(client);
            String before = members.put(client, shown, join.aware);
            announcer.joined(client, join.nick, isNew, !shown.equals(before), toWrite);
            Long seen = join.since == null ? null : join.since.get(position.epoch());
            if (join.since == null || join.since.isEmpty() || !isNew) {
                greet(join, null, position, toWrite);
            } else if (seen == null) {
                greet(join, false, position, toWrite);
            } else {
                members.hold(client);
                resumeFrom = new Position(position.epoch(), seen);
            }
        } finally {
            lock.unlock();
        }
        services.writers().write(toWrite);
        return resumeFrom == null ? CompletableFuture.completedFuture(null) : resume(join, resumeFrom);
    }

    /**
     * Sends what the client has missed. The broker is asked without the lock, which comes after the broker's own; what happens
     * in the room meanwhile is held.
     */
    private CompletionStage<Void> resume(Join join, Position from) {
        return broker.since(name, from.epoch(), from.number(), Integer.MAX_VALUE)
                .exceptionally(unavailable -> new Broker.HistoryRead(null, null))
                .thenAccept(read -> {
                    List<Outbox> toWrite = new ArrayList<>();
                    lock.lock();
                    try {
                        if (members.isHeld(join.client)) {
                            List<Frame> held = members.release(join.client);
                            List<Broker.StoredEvent> missed = held == null ? null : read.events();
                            sendMissed(join, from, missed, held, toWrite);
                        }
                    } finally {
                        lock.unlock();
                    }
                    services.writers().write(toWrite);
                });
    }

    private void sendMissed(
            Join join, Position from, List<Broker.StoredEvent> missed, List<Frame> held, List<Outbox> toWrite) {
        if (missed == null) {
            greet(join, false, position, toWrite);
            return;
        }
        greet(join, true, from, toWrite);
        long reached = from.number();
        for (Broker.StoredEvent event : missed) {
            boolean excluded = event.except().contains(join.client.formerId())
                    || event.elsewhere().stream().anyMatch(place -> join.since.containsKey(place.epoch()));
            if (!excluded) {
                join.client.add(event.event(), toWrite);
            }
            reached = event.event().position().number();
        }
        for (Frame frame : held) {
            // The broker's answer may reach beyond the moment at which holding began.
            if (frame.position() == null || frame.position().number() > reached) {
                join.client.add(frame, toWrite);
            }
        }
    }

    private void greet(Join join, Boolean recovered, Position at, List<Outbox> toWrite) {
        Frame frame = join.greeting == null ? hello(join.client, recovered, at) : join.greeting.frame(recovered);
        if (frame != null) {
            members.send(join.client, frame.at(at), toWrite);
        }
        if (join.greeting != null) {
            join.greeting.queued();
        }
    }

    /**
     * Removes a member.
     *
     * @param mayReturn whether the others are not told until it is {@linkplain #giveUp given up}
     * @return false if the client was no member
     */
    boolean leave(LocalClient client, boolean mayReturn, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (!members.remove(client, mayReturn)) {
                return false;
            }
            if (!hidden) {
                client.left(name, position.epoch());
            }
            announcer.left(client, !mayReturn, toWrite);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A lost client has not returned in time. */
    void giveUp(LocalClient client, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (members.giveUp(client)) {
                announcer.gaveUp(client, toWrite);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client may now know, or may no longer know, who is in the room; if it may, it is sent {@code hello} again. */
    void setAware(LocalClient client, boolean aware, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (members.has(client) && members.isUnaware(client) == aware) {
                announcer.flush(toWrite);
                members.setAware(client, aware);
                members.send(client, hello(client, null, position).at(position), toWrite);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the room if nobody is in it. @return whether it is closed */
    boolean closeIfEmpty() {
        lock.lock();
        try {
            closed = closed || members.isEmpty();
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Runnable deliver(Frame event, Set<String> except, Set<String> reached) {
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

    private void announce() {
        List<Outbox> toWrite = new ArrayList<>();
        lock.lock();
        try {
            announcer.announce(toWrite);
        } finally {
            lock.unlock();
        }
        services.writers().handOver(toWrite);
    }

    int size() {
        lock.lock();
        try {
            return members.present().size();
        } finally {
            lock.unlock();
        }
    }

    boolean has(LocalClient client) {
        lock.lock();
        try {
            return members.has(client);
        } finally {
            lock.unlock();
        }
    }

    List<Member> members() {
        lock.lock();
        try {
            return members.list();
        } finally {
            lock.unlock();
        }
    }

    Position position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    private Frame hello(LocalClient client, Boolean recovered, Position at) {
        boolean counts = announcer.countsOnly();
        boolean unaware = members.isUnaware(client);
        StringBuilder to = new StringBuilder(counts ? 128 : 64 + 48 * members.shown()).append("{\"id\":");
        Json.quote(to, client.id()).append(",\"room\":");
        Json.quote(to, name).append(",\"members\":[");
        if (!counts && !unaware) {
            to.append(members.listed());
        }
        to.append(']');
        if (counts && !unaware && announcer.isOn()) {
            to.append(",\"count\":").append(members.shown());
        }
        to.append(",\"epoch\":\"").append(at.epoch()).append('"');
        if (recovered != null) {
            to.append(",\"recovered\":").append(recovered);
        }
        to.append(",\"position\":").append(at.number()).append('}');
        return EventEncoder.event(Protocol.HELLO, new CheckedJson(to.toString()));
    }
}
