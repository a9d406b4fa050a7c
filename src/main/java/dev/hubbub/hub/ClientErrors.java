package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.protocol.Protocol;
import java.time.Instant;

/** The errors that one client was answered with. The count is approximate, because answers may come from several threads. */
public final class ClientErrors {
    private volatile int inARow;
    private volatile Last last;

    /** The error that a client was answered with last. */
    public record Last(Instant at, String code, String message) {}

    /**
     * Counts an error, but not that a database or a broker is away: the client is not to blame.
     *
     * @return true if the client causes only errors, and is to be closed
     */
    boolean add(EventException error) {
        last = new Last(Instant.now(), error.code(), error.getMessage());
        if (error.code().equals(EventException.UNAVAILABLE)) {
            return false;
        }
        inARow++;
        return inARow >= Protocol.MAX_ERRORS_IN_A_ROW;
    }

    /** An event of the client was handled without an error. */
    public void reset() {
        if (inARow != 0) {
            inARow = 0;
        }
    }

    /** Null if there was none. */
    public Last last() {
        return last;
    }
}
