package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who came to a room and went in the last moment, of which its members are told together: in a storm, that saves each of them
 * most of the writes. Guarded by the room's lock.
 */
final class PresenceQueue {
    private final List<Frame> waiting = new ArrayList<>(0);
    /** How many of what waits had happened when a member came, which knows of that from its {@code hello}. */
    private final Map<LocalClient, Integer> newcomers = new HashMap<>(0);

    void add(Frame frame) {
        waiting.add(frame);
    }

    int size() {
        return waiting.size();
    }

    /** Is not told of what has happened so far. */
    void entered(LocalClient member) {
        if (!waiting.isEmpty()) {
            newcomers.put(member, waiting.size());
        }
    }

    void left(LocalClient member) {
        newcomers.remove(member);
    }

    /** Puts what waits into the outboxes of these, in whose order nothing may come before it. */
    void deliver(Set<LocalClient> members, Set<LocalClient> except, List<Outbox> toWrite) {
        if (waiting.isEmpty()) {
            return;
        }
        for (LocalClient member : members) {
            if (except.isEmpty() || !except.contains(member)) {
                for (int i = newcomers.getOrDefault(member, 0); i < waiting.size(); i++) {
                    member.add(waiting.get(i), toWrite);
                }
            }
        }
        waiting.clear();
        newcomers.clear();
    }
}
