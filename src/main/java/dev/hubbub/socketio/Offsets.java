package dev.hubbub.socketio;

import dev.hubbub.protocol.Position;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** How far a client is in each of its rooms, and in what goes to all. Only the outbox's one writer changes it. */
final class Offsets {
    /** As many as a list of positions is read. */
    private static final int MAX = 100;

    /** How many events there had been when the client came; that is where it was if it says nothing else. */
    private final Map<String, Long> first = new LinkedHashMap<>(2);

    private final Map<String, Long> now = new LinkedHashMap<>(2);
    private String text;

    synchronized void add(Position position) {
        if (now.put(position.epoch(), position.number()) == null) {
            first.put(position.epoch(), position.number());
            if (now.size() > MAX) {
                String oldest = now.keySet().iterator().next();
                now.remove(oldest);
                first.remove(oldest);
            }
        }
        text = null;
    }

    /**
     * How far the client is.
     *
     * @param offset what it says itself, perhaps nothing
     */
    synchronized Map<String, Long> seen(String offset) {
        Map<String, Long> seen = new HashMap<>(first);
        Position.parse(offset).forEach((epoch, number) -> seen.computeIfPresent(epoch, (key, start) -> number));
        return seen;
    }

    /** The positions that are not those of the beginning, with commas between. */
    @Override
    public synchronized String toString() {
        if (text == null) {
            StringBuilder to = new StringBuilder(24);
            now.forEach((epoch, number) -> {
                if (!number.equals(first.get(epoch))) {
                    (to.length() == 0 ? to : to.append(','))
                            .append(epoch)
                            .append('.')
                            .append(number);
                }
            });
            text = to.toString();
        }
        return text;
    }
}
