package dev.hubbub.cluster;

import dev.hubbub.Position;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which clients of this node have got the latest events to several rooms, so that each gets them once. */
final class ReachedClients {
    private static final int MAX_EVENTS = 256;

    /** Guarded by itself. */
    private final Map<Position, Set<String>> events = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, Set<String>> eldest) {
            return size() > MAX_EVENTS;
        }
    };

    /** The ids of clients that have got the event that has this position in the first of its rooms. */
    Set<String> of(Position first) {
        synchronized (events) {
            return events.computeIfAbsent(first, key -> new HashSet<>());
        }
    }
}
