package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code joined} and {@code left} events that the members of a room have not been sent yet. Sending them together saves most
 * of the writes when many come and go. Guarded by the room's lock.
 */
final class PresenceQueue {
    private final List<Frame> waiting = new ArrayList<>(0);
    /** How many of the waiting events had happened when a member joined, which knows them from its {@code hello}. */
    private final Map<LocalClient, Integer> newcomers = new HashMap<>(0);

    void add(Frame frame) {
        waiting.add(frame);
    }

    int size() {
        return waiting.size();
    }

    /** The client is not told of what has happened so far. */
    void joined(LocalClient member) {
        if (!waiting.isEmpty()) {
            newcomers.put(member, waiting.size());
        }
    }

    void left(LocalClient member) {
        newcomers.remove(member);
    }

    /** Sends the waiting events to all members that may know who is in the room. */
    void flush(RoomMembers members, List<Outbox> toWrite) {
        if (waiting.isEmpty()) {
            return;
        }
        for (LocalClient member : members.present()) {
            if (!members.isUnaware(member)) {
                for (int i = newcomers.getOrDefault(member, 0); i < waiting.size(); i++) {
                    members.send(member, waiting.get(i), toWrite);
                }
            }
        }
        waiting.clear();
        newcomers.clear();
    }
}
