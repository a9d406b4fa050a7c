package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Broker.MemberChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members that one room has on other nodes. Each change has the next version; if one is missing, all members are read anew.
 * Guarded by the feed's lock.
 */
final class RoomElsewhere {
    private static final long UNKNOWN = -1;

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final RoomPresence presence;

    private final Map<String, MemberChange> members = new LinkedHashMap<>();
    private long version = UNKNOWN;
    /** The newest version that was announced while all members were being read. */
    private long newest;

    private boolean reading;
    /** The number of members on all nodes; negative if they are listed. */
    private int total = -1;

    /** @param members those of all nodes, by id, with the node in front; null if there are too many */
    record Snapshot(long version, int total, Map<String, NodeMember> members) {}

    record NodeMember(String node, MemberChange member) {}

    RoomElsewhere(RedisBroker broker, RoomKeys keys, RoomPresence presence) {
        this.broker = broker;
        this.keys = keys;
        this.presence = presence;
    }

    /** Tells a new follower who is there. */
    Runnable tell(Broker.Follower follower) {
        return total < 0
                ? follower.elsewhere(new ArrayList<>(members.values()), members.size())
                : follower.elsewhere(null, countElsewhere());
    }

    private int countElsewhere() {
        return Math.max(0, total - presence.size());
    }

    Runnable received(PresenceChanges.Message message, Broker.Follower follower) {
        if (reading) {
            newest = Math.max(newest, message.version());
            return null;
        }
        int limit = follower == null ? broker.config().presenceLimit() : follower.presenceLimit();
        if (message.changes() == null && message.total() > limit) {
            return count(message.version(), message.total(), follower);
        }
        if (message.version() <= version) {
            return null;
        }
        if (message.changes() == null || total >= 0 || message.version() != version + 1) {
            readAgain(limit);
            return null;
        }
        version = message.version();
        boolean own = message.node().equals(broker.node());
        for (MemberChange change : message.changes()) {
            if (own || change.json() == null) {
                members.remove(change.id());
            } else {
                presence.moved(change.id());
                members.put(change.id(), change);
            }
        }
        return own || follower == null ? null : follower.elsewhere(message.changes(), members.size());
    }

    private Runnable count(long at, int all, Broker.Follower follower) {
        version = at;
        total = all;
        members.clear();
        return follower == null ? null : follower.elsewhere(null, countElsewhere());
    }

    /** Reads all members. */
    void readAgain(int limit) {
        if (reading) {
            return;
        }
        reading = true;
        broker.link().submit(new RoomCalls.Open(keys, limit) {
            @Override
            void opened(Position now, Snapshot members) {
                broker.feed(keys).ifPresent(feed -> feed.replaceMembers(members));
            }

            @Override
            void failed(RuntimeException failure) {
                broker.feed(keys).ifPresent(RoomFeed::membersUnknown);
            }
        });
    }

    /** They could not be read; the next change tries again. */
    void unknown() {
        reading = false;
        version = UNKNOWN;
    }

    Runnable replace(Snapshot snapshot, Broker.Follower follower) {
        reading = false;
        if (newest > snapshot.version) {
            newest = 0;
            readAgain(follower == null ? broker.config().presenceLimit() : follower.presenceLimit());
        }
        if (snapshot.members == null) {
            return count(snapshot.version, snapshot.total, follower);
        }
        version = snapshot.version;
        total = -1;
        Map<String, MemberChange> others = new HashMap<>();
        Set<String> ghosts = new HashSet<>();
        snapshot.members.forEach((id, member) -> {
            if (!member.node.equals(broker.node())) {
                others.put(id, member.member);
            } else if (!presence.has(id)) {
                ghosts.add(id);
            }
        });
        if (!ghosts.isEmpty()) {
            presence.lose();
            presence.announceAll(false);
        }
        List<MemberChange> changes = new ArrayList<>();
        List.copyOf(members.keySet()).forEach(id -> {
            if (!others.containsKey(id)) {
                members.remove(id);
                changes.add(new MemberChange(id, null, false));
            }
        });
        others.forEach((id, member) -> {
            if (!member.equals(members.put(id, member))) {
                presence.moved(id);
                changes.add(member);
            }
        });
        return changes.isEmpty() || follower == null ? null : follower.elsewhere(changes, members.size());
    }
}
