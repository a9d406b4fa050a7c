package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Member;
import dev.hubbub.access.RoomRules;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is in a room, and what happened there last. Its lock gives the room its order: whatever the members are to see is put into
 * their outboxes under it, and only put there. Writing begins after it was released.
 *
 * <p>When the last member has left and nobody can come back to anything, the roster is ended for good and taken off the
 * hub; a later join makes a new one, which is another epoch.
 */
final class RoomState {
    /** Between two times that members are told of who comes and goes; nobody sees the difference, and storms get cheap. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration PAUSE_BY_NUMBER = Duration.ofSeconds(1);

    private final String name;
    private final LocalHub hub;
    private final PresenceRules.Presence presence;
    private final RoomRules.Right right;
    private final Duration memory;
    private final ReentrantLock lock = new ReentrantLock();

    // All that follows is guarded by lock.
    private final Members members = new Members();
    private final EventLog log;
    /** Somebody wants to be able to come back. */
    private boolean awaited;

    private long emptySince;
    private boolean kept;
    private boolean ended;
    /** Once over the limit, a room stays large until it ends: nobody could tell from its members who came in between. */
    private boolean large;

    private final PresenceQueue news = new PresenceQueue();
    private long toldAt = System.nanoTime() - PAUSE.toNanos();
    private boolean toTell;

    /** @param log what to remember, and for how long also while nobody is in */
    RoomState(LocalHub hub, String name, PresenceRules.Presence presence, RoomRules.Right right, EventLog.Limits log) {
        this.hub = hub;
        this.name = name;
        this.presence = presence;
        this.right = right;
        this.memory = log.age();
        this.log = new EventLog(log, lock, hub);
    }

    /**
     * @param since what the client has seen of which epochs; null if it does not come back
     * @return false if this roster has ended and the caller must find the room's next one
     * @throws EventException {@code disconnected}
     */
    boolean join(LocalClient client, String nick, Map<String, Long> since, List<Outbox> toWrite) {
        boolean sees = right.maySeeMembers(client); // the application's code, so not with the lock
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            // Under this lock, as in leave(): a client's rooms and their rosters never disagree, whatever threads
            // are at work, so who goes is taken out of each room that it is in.
            if (!client.enter(name, nick)) {
                ended = members.isEmpty() && !kept;
                throw new EventException(EventException.DISCONNECTED, "The client has gone");
            }
            release();
            String shown = nick == null ? "" : nick;
            boolean isNew = !members.has(client);
            String before = members.put(client, shown, sees);
            if (!shown.equals(before)) {
                grow();
                if (!isNew) {
                    news.deliver(members.present(), members.blind(), toWrite); // what follows is not for itself
                    toldAt = System.nanoTime() - PAUSE.toNanos();
                }
                tell(Protocol.JOINED, client, nick, toWrite);
            }
            if (isNew) {
                news.entered(client);
                tellIfMany(toWrite);
            }
            awaited |= since != null || client.mayComeBack();
            if (since == null || since.isEmpty() || !isNew) {
                client.add(hello(client, log.position(), null), toWrite);
            } else {
                resume(client, since.get(log.epoch()), toWrite);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Says where the client is, then what it has missed: with it, it is where the others are. */
    private void resume(LocalClient client, Long seen, List<Outbox> toWrite) {
        List<Frame> missed = log.since(seen, client.formerId());
        if (missed == null) {
            client.add(hello(client, log.position(), false), toWrite);
        } else {
            client.add(hello(client, seen, true), toWrite);
            missed.forEach(frame -> client.add(frame, toWrite));
        }
    }

    LocalHub.HistoryRead glance(Map<String, Long> since) {
        lock.lock();
        try {
            awaited = true;
            return new LocalHub.HistoryRead(log.since(since.get(log.epoch()), ""), log.here());
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param awaited whether the members are not told, until it is {@link #giveUp given up}
     * @return false if the client was not in
     */
    boolean leave(LocalClient client, boolean awaited, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (!members.remove(client, awaited)) {
                return false;
            }
            news.left(client);
            client.exit(name);
            if (members.isEmpty()) {
                emptySince = System.nanoTime();
                log.trim(emptySince);
                keep();
            } else if (!awaited) {
                tell(Protocol.LEFT, client, null, toWrite);
                tellIfMany(toWrite);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Who was lost has not come back in time. */
    void giveUp(LocalClient client, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (members.giveUp(client)) {
                tell(Protocol.LEFT, client, null, toWrite);
                tellIfMany(toWrite);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is in: ends the room, or keeps it for those who may come back. */
    private void keep() {
        if (kept) {
            return;
        }
        kept = (awaited || !log.isEmpty()) && hub.keepEmptyRoom();
        ended = !kept;
        if (kept) {
            hub.after(memory, this::endIfEmpty);
        } else {
            members.giveUpAll();
            log.clear();
        }
    }

    private void release() {
        if (kept) {
            kept = false;
            hub.releaseEmptyRoom();
        }
    }

    private void endIfEmpty() {
        lock.lock();
        try {
            if (!kept) {
                return;
            }
            long left = memory.toNanos() - (System.nanoTime() - emptySince);
            if (left > 0) {
                hub.after(Duration.ofNanos(left), this::endIfEmpty);
                return;
            }
            release();
            members.giveUpAll();
            log.clear();
            ended = true;
        } finally {
            lock.unlock();
        }
        hub.ended(name, this);
    }

    /**
     * The first to come after a quiet time is told of at once. What follows waits until the pause is over, or something else
     * happens in the room.
     */
    private void tell(String event, LocalClient client, String nick, List<Outbox> toWrite) {
        if (!presence.told()) {
            return;
        }
        if (large) {
            tellAfter(PAUSE_BY_NUMBER);
            return;
        }
        Frame frame = EventEncoder.event(event, new Presence(name, client.id(), nick));
        if (members.present().size() == 1 && members.has(client)) {
            log.place(frame); // there is nobody to tell
            return;
        }
        long now = System.nanoTime();
        if (now - toldAt >= PAUSE.toNanos() && news.size() == 0) {
            toldAt = now;
            emitUnlogged(frame, client, toWrite);
            return;
        }
        news.add(log.place(frame));
        tellAfter(PAUSE);
    }

    private void tellIfMany(List<Outbox> toWrite) {
        if (news.size() >= hub.mostTogether()) {
            news.deliver(members.present(), members.blind(), toWrite);
        }
    }

    private void grow() {
        large = large || members.present().size() > presence.limit();
        if (large) {
            members.unlist();
        }
    }

    private void tellAfter(Duration pause) {
        if (!toTell) {
            toTell = true;
            hub.tellAfter(pause, this);
        }
    }

    /** Tells the members what has waited for this; a large room, how many are in it. */
    void tell(List<Outbox> toWrite) {
        lock.lock();
        try {
            toTell = false;
            toldAt = System.nanoTime();
            if (large) {
                Delivery latest = Delivery.latest("presence " + name);
                Count count = new Count(name, members.seen());
                emitUnlogged(EventEncoder.event("presence", count, List.of(), latest), null, toWrite);
            } else {
                news.deliver(members.present(), members.blind(), toWrite);
            }
        } finally {
            lock.unlock();
        }
    }

    RoomRules.Right right() {
        return right;
    }

    int size() {
        lock.lock();
        try {
            return members.present().size();
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /**
     * Puts a frame into the members' outboxes. It is the room's next event, also if nobody is left to see it.
     *
     * @param except clients that do not get it
     * @param toWrite collects the outboxes that the caller must have written after it let go of all locks
     */
    void emit(Frame frame, Set<? extends Client> except, List<Outbox> toWrite) {
        lock.lock();
        try {
            Frame placed = log.add(frame, except);
            deliver(placed, except, toWrite);
        } finally {
            lock.unlock();
        }
    }

    /** Who comes back is told anew who is there, so what was told of that meanwhile need not be kept. */
    private void emitUnlogged(Frame frame, LocalClient about, List<Outbox> toWrite) {
        Set<LocalClient> blind = members.blind();
        Set<LocalClient> except = blind;
        if (about != null && blind.isEmpty()) {
            except = Set.of(about);
        } else if (about != null) {
            except = new HashSet<>(blind);
            except.add(about);
        }
        deliver(log.place(frame), except, toWrite);
    }

    private void deliver(Frame frame, Set<? extends Client> except, List<Outbox> toWrite) {
        news.deliver(members.present(), members.blind(), toWrite);
        for (LocalClient member : members.present()) {
            if (except.isEmpty() || !except.contains(member)) {
                member.add(frame, toWrite);
            }
        }
    }

    void addMembersTo(Set<? super LocalClient> all) {
        lock.lock();
        try {
            all.addAll(members.present());
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return members.isEmpty();
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

    long position() {
        lock.lock();
        try {
            return log.position();
        } finally {
            lock.unlock();
        }
    }

    /** @param recovered null if the client does not come back */
    private Frame hello(LocalClient client, long from, Boolean recovered) {
        StringBuilder to = new StringBuilder(large ? 128 : 64 + 48 * members.seen()).append("{\"id\":");
        Json.quote(to, client.id()).append(",\"room\":");
        Json.quote(to, name).append(",\"members\":");
        if (large || members.blind().contains(client)) {
            to.append("[]");
            if (presence.told() && large && !members.blind().contains(client)) {
                to.append(",\"count\":").append(members.seen());
            }
        } else {
            to.append('[').append(members.listed()).append(']');
        }
        to.append(",\"epoch\":\"").append(log.epoch()).append('"');
        if (recovered != null) {
            to.append(",\"recovered\":").append(recovered);
        }
        Data data = Data.trusted(
                to.append(",\"position\":").append(from).append('}').toString());
        return EventEncoder.event(Protocol.HELLO, data).at(new Position(log.epoch(), from));
    }

    private record Presence(String room, String id, String nick) {}

    private record Count(String room, int count) {}
}
