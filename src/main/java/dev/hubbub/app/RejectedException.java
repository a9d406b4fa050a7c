package dev.hubbub.app;

import dev.hubbub.EventException;

/** A connection is rejected, with an HTTP status. */
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

    /** Seconds after which the client may retry; 0 if retrying is useless. */
    public int retryAfter() {
        return retryAfter;
    }
}
