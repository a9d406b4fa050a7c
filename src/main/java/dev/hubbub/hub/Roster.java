package dev.hubbub.hub;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Member;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is in a room, while somebody is. Its lock gives the room its order: whatever the members are to see is put into
 * their outboxes under it, and only put there. Writing begins after it was released.
 *
 * <p>When the last member leaves, the roster is ended for good and taken off the hub; a later join makes a new one.
 */
final class Roster {
    /** Between two times that members are told of who comes and goes; nobody sees the difference, and storms get cheap. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration PAUSE_BY_NUMBER = Duration.ofSeconds(1);

    private final String name;
    private final PresenceRules.Presence presence;
    private final Timer timer;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock. The value is the nick, "" for none.
    private final Map<LocalClient, String> members = new LinkedHashMap<>();
    private long position;
    private boolean ended;
    /** Once over the limit, a room stays large until it ends: nobody could tell from its members who came in between. */
    private boolean large;

    private long toldAt = System.nanoTime() - PAUSE.toNanos();
    private boolean toTell;

    /** Calls a roster's {@link #tell} after a time. */
    interface Timer {
        void tellAfter(Duration pause, Roster roster);
    }

    Roster(String name, PresenceRules.Presence presence, Timer timer) {
        this.name = name;
        this.presence = presence;
        this.timer = timer;
    }

    /**
     * @return false if this roster has ended and the caller must find the room's next one
     * @throws EventException {@code disconnected}
     */
    boolean join(LocalClient client, String nick, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            // Under this lock, as in leave(): a client's rooms and their rosters never disagree, whatever threads
            // are at work, so who goes is taken out of each room that it is in.
            if (!client.enter(name)) {
                ended = members.isEmpty();
                throw new EventException(EventException.DISCONNECTED, "The client has gone");
            }
            String shown = nick == null ? "" : nick;
            if (!shown.equals(members.put(client, shown))) {
                large = large || members.size() > presence.limit();
                tell(Protocol.JOINED, client, nick, toWrite);
            }
            client.add(EventEncoder.event(Protocol.HELLO, hello(client)), toWrite);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** @return false if the client was not in */
    boolean leave(LocalClient client, List<Outbox> toWrite) {
        lock.lock();
        try {
            if (members.remove(client) == null) {
                return false;
            }
            client.exit(name);
            client.writeWhatWaits(toWrite);
            ended = members.isEmpty();
            if (!ended) {
                tell(Protocol.LEFT, client, null, toWrite);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The first to come after a quiet time is told of at once. What follows takes its place in the outboxes, and leaves
     * with whatever comes after it, or when the pause is over.
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
        long now = System.nanoTime();
        if (!toTell && now - toldAt >= PAUSE.toNanos()) {
            toldAt = now;
            emit(frame, Set.of(client), toWrite);
            return;
        }
        position++;
        for (LocalClient member : members.keySet()) {
            if (member != client) {
                member.addForLater(frame, toWrite);
            }
        }
        tellAfter(PAUSE);
    }

    private void tellAfter(Duration pause) {
        if (!toTell) {
            toTell = true;
            timer.tellAfter(pause, this);
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
                emit(EventEncoder.event("presence", new Count(name, members.size()), null, latest), Set.of(), toWrite);
            } else {
                members.keySet().forEach(member -> member.writeWhatWaits(toWrite));
            }
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
    void emit(Frame frame, Set<?> except, List<Outbox> toWrite) {
        lock.lock();
        try {
            position++;
            for (LocalClient member : members.keySet()) {
                if (except.isEmpty() || !except.contains(member)) {
                    member.add(frame, toWrite);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void addMembersTo(Set<? super LocalClient> all) {
        lock.lock();
        try {
            all.addAll(members.keySet());
        } finally {
            lock.unlock();
        }
    }

    boolean has(LocalClient client) {
        lock.lock();
        try {
            return members.containsKey(client);
        } finally {
            lock.unlock();
        }
    }

    List<Member> members() {
        lock.lock();
        try {
            List<Member> list = new ArrayList<>(members.size());
            members.forEach((client, nick) -> list.add(new Member(client.id(), nick.isEmpty() ? null : nick)));
            return list;
        } finally {
            lock.unlock();
        }
    }

    long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    private Data hello(LocalClient client) {
        StringBuilder to = new StringBuilder(large ? 128 : 64 + 48 * members.size()).append("{\"id\":");
        Json.quote(to, client.id()).append(",\"room\":");
        Json.quote(to, name).append(",\"members\":");
        if (large) {
            to.append("[]");
            if (presence.told()) {
                to.append(",\"count\":").append(members.size());
            }
        } else {
            Json.write(to, members());
        }
        return Data.trusted(
                to.append(",\"position\":").append(position).append('}').toString());
    }

    private record Presence(String room, String id, String nick) {}

    private record Count(String room, int count) {}
}
