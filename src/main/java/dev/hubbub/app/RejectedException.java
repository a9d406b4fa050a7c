package dev.hubbub.app;

import dev.hubbub.EventException;

/** Why somebody cannot connect now, with the status of HTTP that fits. */
public final class RejectedException extends EventException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfter;

    RejectedException(int status, String code, String message, int retryAfter) {
        super(code, message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /** Seconds after which to try again is of use; 0 for never. */
    public int retryAfter() {
        return retryAfter;
    }
}
