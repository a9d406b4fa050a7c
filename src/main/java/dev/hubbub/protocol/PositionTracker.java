package dev.hubbub.protocol;

import dev.hubbub.Position;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The positions that one client has reached: in each of its rooms, and in the events to everyone. Transports that remember
 * positions on behalf of their clients use it (event streams, Socket.IO).
 *
 * <p>Bounded: beyond {@link Positions#MAX} the position that was reached longest ago is forgotten. All methods may be called
 * by any thread.
 */
public final class PositionTracker {
    /** The position reached longest ago comes first. */
    private final Map<String, Reached> positions = new LinkedHashMap<>(2);

    private final boolean listsInitial;
    private String text;

    private static final class Reached {
        final long initial;
        long current;

        Reached(long initial) {
            this.initial = initial;
            this.current = initial;
        }
    }

    /**
     * @param listsInitial whether {@link #toString()} lists also positions at which the client still is since it came; Socket.IO
     *     clients do not need to repeat them, because the server knows them
     */
    public PositionTracker(boolean listsInitial) {
        this.listsInitial = listsInitial;
    }

    /** Begins with the positions that a returning client came with, so that they survive if it is lost again at once. */
    public PositionTracker(boolean listsInitial, Map<String, Long> seen) {
        this(listsInitial);
        seen.forEach((epoch, number) -> add(new Position(epoch, number)));
    }

    /** The client has reached this position. @return whether it is the first of its epoch */
    public synchronized boolean add(Position position) {
        Reached reached = positions.remove(position.epoch());
        boolean first = reached == null;
        if (first) {
            reached = new Reached(position.number());
        }
        reached.current = position.number();
        positions.put(position.epoch(), reached);
        if (positions.size() > Positions.MAX) {
            Iterator<String> oldest = positions.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        text = null;
        return first;
    }

    /** The client has left the room of this epoch. */
    public synchronized void forget(String epoch) {
        if (positions.remove(epoch) != null) {
            text = null;
        }
    }

    /**
     * Where the client is: at the positions that it names, otherwise where it was when it came.
     *
     * @param named positions as the client lists them; null for none. Positions of rooms that it was not in are ignored
     * @return numbers by epoch
     */
    public synchronized Map<String, Long> seen(String named) {
        Map<String, Long> seen = new HashMap<>();
        positions.forEach((epoch, reached) -> seen.put(epoch, reached.initial));
        Positions.parse(named).forEach((epoch, number) -> seen.computeIfPresent(epoch, (key, initial) -> number));
        return seen;
    }

    /** The positions separated by commas, the most recent one last. */
    @Override
    public synchronized String toString() {
        if (text == null) {
            StringBuilder to = new StringBuilder(24);
            positions.forEach((epoch, reached) -> {
                if (listsInitial || reached.current != reached.initial) {
                    (to.length() == 0 ? to : to.append(','))
                            .append(epoch)
                            .append('.')
                            .append(reached.current);
                }
            });
            text = to.toString();
        }
        return text;
    }
}
