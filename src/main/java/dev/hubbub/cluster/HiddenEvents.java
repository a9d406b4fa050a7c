package dev.hubbub.cluster;

import dev.hubbub.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was deleted from the log of a room, which has it until it expires.
 *
 * @param positions of single events
 * @param until everything that was published until then is hidden, in milliseconds since 1970
 */
record HiddenEvents(Set<String> positions, long until) {
    /** The most events of a room that are hidden one by one. */
    static final int MAX = 1_000;

    private static final String ALL = "all";

    /**
     * @param ofRoom what Redis has of the room: names and values
     * @param ofNamespace a time, or nothing
     */
    static HiddenEvents parse(List<?> ofRoom, Object ofNamespace) {
        String every = RedisConnection.text(ofNamespace);
        long until = every.isEmpty() ? -1 : Long.parseLong(every);
        Set<String> positions = new HashSet<>();
        for (int i = 0; i + 1 < ofRoom.size(); i += 2) {
            String name = RedisConnection.text(ofRoom.get(i));
            if (name.equals(ALL)) {
                until = Math.max(until, Long.parseLong(RedisConnection.text(ofRoom.get(i + 1))));
            } else {
                positions.add(name);
            }
        }
        return new HiddenEvents(positions, until);
    }

    boolean hides(Position position) {
        return !positions.isEmpty() && positions.contains(position.toString());
    }

    /** @param at when an event was published */
    boolean hides(long at) {
        return at <= until;
    }
}
