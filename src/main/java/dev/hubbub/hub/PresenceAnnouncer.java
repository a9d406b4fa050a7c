package dev.hubbub.hub;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Member;
import dev.hubbub.Position;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.List;

/**
 * Tells the members of one room who joins and leaves; in a large room, how many there are. These events have no position and
 * are not remembered: a client that returns learns from {@code hello} who is there. Guarded by the room's lock.
 */
final class PresenceAnnouncer {
    /** Between two announcements: too short to be noticed by a person, long enough to make storms cheap. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration COUNT_PAUSE = Duration.ofSeconds(1);

    private final String room;
    private final PresenceRules.Presence presence;
    private final RoomMembers members;
    private final int maxTogether;
    private final Later later;

    private final PresenceQueue queue = new PresenceQueue();
    /**
     * The members are not listed. A room becomes large above the limit, and small again at half of it, so that one whose size
     * varies around the limit does not send its list again and again.
     */
    private boolean large;

    private long announcedAt = System.nanoTime() - PAUSE.toNanos();
    private boolean scheduled;

    /** Has {@link #announce} called after a pause. */
    interface Later {
        void announceAfter(Duration pause);
    }

    /** @param maxTogether events sent together, few enough to fit into any outbox that is not behind */
    PresenceAnnouncer(String room, PresenceRules.Presence presence, RoomMembers members, int maxTogether, Later later) {
        this.room = room;
        this.presence = presence;
        this.members = members;
        this.maxTogether = maxTogether;
        this.later = later;
    }

    /**
     * The event {@code hello} for a member.
     *
     * @param recovered null if the client does not return
     */
    Frame hello(LocalClient client, Boolean recovered, Position at) {
        boolean unaware = members.isUnaware(client);
        int all = members.shown() + members.elsewhere();
        StringBuilder to = new StringBuilder(large ? 128 : 64 + 48 * all).append("{\"id\":");
        Json.quote(to, client.id()).append(",\"room\":");
        Json.quote(to, room).append(",\"members\":[");
        if (!large && !unaware) {
            members.list(to);
        }
        to.append(']');
        if (large && !unaware && presence.told()) {
            to.append(",\"count\":").append(all);
        }
        to.append(",\"epoch\":\"").append(at.epoch()).append('"');
        if (recovered != null) {
            to.append(",\"recovered\":").append(recovered);
        }
        to.append(",\"position\":").append(at.number()).append('}');
        return EventEncoder.event(Protocol.HELLO, new CheckedJson(to.toString()));
    }

    /**
     * A member has been added, or has another nick or other data.
     *
     * @param isNew whether it was no member before
     * @param shown whether the others are to be told
     */
    void joined(LocalClient client, Member member, boolean isNew, boolean shown, List<Outbox> toWrite) {
        if (shown) {
            large = large || members.present().size() + members.elsewhere() > presence.limit();
            if (large) {
                members.stopListing();
            }
            if (!isNew) {
                queue.flush(members, toWrite); // what follows is not for the client itself
                announcedAt = System.nanoTime() - PAUSE.toNanos();
            }
            tell(Protocol.JOINED, client, member, toWrite);
        }
        if (isNew) {
            queue.joined(client);
            flushIfMany(toWrite);
        }
    }

    /** @param shown whether the others are to be told: not if the client may return */
    void left(LocalClient client, boolean shown, List<Outbox> toWrite) {
        queue.left(client);
        if (shown && !members.present().isEmpty()) {
            tell(Protocol.LEFT, client, null, toWrite);
            flushIfMany(toWrite);
        }
    }

    int limit() {
        return presence.limit();
    }

    /**
     * Members on other nodes have changed.
     *
     * @param changes null if only their number is told
     */
    void elsewhere(List<Broker.MemberChange> changes, int count, List<Outbox> toWrite) {
        if (changes == null) {
            members.countElsewhere(count);
            becomeLarge();
            return;
        }
        for (Broker.MemberChange change : changes) {
            if (members.changeElsewhere(change)
                    && presence.told()
                    && !members.present().isEmpty()) {
                tellElsewhere(change, toWrite);
            }
        }
        if (members.present().size() + members.elsewhere() > presence.limit()) {
            becomeLarge();
        }
    }

    private void becomeLarge() {
        if (!large) {
            large = true;
            members.stopListing();
        }
        if (presence.told()) {
            schedule(COUNT_PAUSE);
        }
    }

    private void tellElsewhere(Broker.MemberChange change, List<Outbox> toWrite) {
        if (large) {
            schedule(COUNT_PAUSE);
            return;
        }
        Frame frame;
        if (change.json() == null) {
            frame = EventEncoder.event(Protocol.LEFT, new Change(room, change.id(), null, null));
        } else {
            StringBuilder joined = new StringBuilder("{\"room\":");
            Json.quote(joined, room);
            frame = EventEncoder.event(
                    Protocol.JOINED,
                    new CheckedJson(joined.append(',')
                            .append(change.json(), 1, change.json().length())
                            .toString()));
        }
        queue.add(frame);
        long now = System.nanoTime();
        if (now - announcedAt >= PAUSE.toNanos() && queue.size() == 1) {
            announcedAt = now;
            queue.flush(members, toWrite);
        } else {
            schedule(PAUSE);
            flushIfMany(toWrite);
        }
    }

    /** A lost client has not returned in time. */
    void gaveUp(LocalClient client, List<Outbox> toWrite) {
        tell(Protocol.LEFT, client, null, toWrite);
        flushIfMany(toWrite);
    }

    /** The first change after a quiet time is sent at once. Further ones wait for the pause, or for an event of the room. */
    private void tell(String event, LocalClient client, Member joined, List<Outbox> toWrite) {
        if (!presence.told()) {
            return;
        }
        if (large) {
            schedule(COUNT_PAUSE);
            return;
        }
        if (members.present().size() == 1 && members.has(client)) {
            return; // there is nobody to tell
        }
        String nick = joined == null ? null : joined.nick();
        Data data = joined == null ? null : joined.data();
        Frame frame = EventEncoder.event(event, new Change(room, client.id(), nick, data));
        long now = System.nanoTime();
        if (now - announcedAt >= PAUSE.toNanos() && queue.size() == 0) {
            announcedAt = now;
            for (LocalClient member : members.present()) {
                if (member != client && !members.isUnaware(member)) {
                    members.send(member, frame, toWrite);
                }
            }
            return;
        }
        queue.add(frame);
        schedule(PAUSE);
    }

    private void flushIfMany(List<Outbox> toWrite) {
        if (queue.size() >= maxTogether) {
            queue.flush(members, toWrite);
        }
    }

    private void schedule(Duration pause) {
        if (!scheduled) {
            scheduled = true;
            later.announceAfter(pause);
        }
    }

    /** Nothing that is sent to the room may overtake what waits here. */
    void flush(List<Outbox> toWrite) {
        queue.flush(members, toWrite);
    }

    /** The pause is over. */
    void announce(List<Outbox> toWrite) {
        scheduled = false;
        announcedAt = System.nanoTime();
        queue.flush(members, toWrite);
        if (!large) {
            return;
        }
        int count = members.shown() + members.elsewhere();
        large = count > presence.limit() / 2 || !members.knowsAll();
        Frame frame = EventEncoder.event(
                "presence",
                large ? new Count(room, count) : listed(count),
                List.of(),
                Delivery.latest("presence " + room));
        for (LocalClient member : members.present()) {
            if (!members.isUnaware(member)) {
                members.send(member, frame, toWrite);
            }
        }
    }

    /** The data of the event that tells the members of a room that has shrunk who they are. */
    private CheckedJson listed(int count) {
        StringBuilder to = new StringBuilder(64 + 48 * count).append("{\"room\":");
        Json.quote(to, room);
        to.append(",\"count\":").append(count).append(",\"members\":[");
        members.list(to);
        return new CheckedJson(to.append("]}").toString());
    }

    private record Change(String room, String id, String nick, Data data) {}

    private record Count(String room, int count) {}
}
