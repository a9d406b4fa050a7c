package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.protocol.Protocol;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** The errors that one client was answered with. The count is approximate, because answers may come from several threads. */
public final class ClientErrors {
    /** The last errors that are kept of each client, for operators. */
    private static final int KEPT = 10;

    private volatile int inARow;

    /** Null until the first error, because most clients cause none. Guarded by this. */
    private Deque<Answered> last;

    /** An error that a client was answered with. */
    public record Answered(Instant at, String code, String message) {}

    /**
     * Counts an error before the client is told. It does not blame the client if a database or a broker is away.
     *
     * @param counters those of the hub
     * @return true if the client causes only errors, and is to be closed
     */
    boolean add(EventException error, Counters counters) {
        counters.rejected().increment(error.code());
        keep(new Answered(Instant.now(), error.code(), error.getMessage()));
        if (error.code().equals(EventException.UNAVAILABLE)) {
            return false;
        }
        inARow++;
        return inARow >= Protocol.MAX_ERRORS_IN_A_ROW;
    }

    private synchronized void keep(Answered error) {
        last = last == null ? new ArrayDeque<>(KEPT) : last;
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(error);
    }

    /** An event of the client was handled without an error. */
    public void reset() {
        if (inARow != 0) {
            inARow = 0;
        }
    }

    /** The last errors, the newest first. */
    public synchronized List<Answered> last() {
        if (last == null) {
            return List.of();
        }
        List<Answered> errors = new ArrayList<>(last);
        Collections.reverse(errors);
        return errors;
    }
}
