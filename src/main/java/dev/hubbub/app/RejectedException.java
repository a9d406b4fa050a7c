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

    /** The rejection by a method or a policy of the application, which has an HTTP status only if Hubbub knows its code. */
    public static RejectedException byApplication(EventException rejection) {
        int status = switch (rejection.code()) {
            case EventException.RATE_LIMITED -> 429;
            case EventException.INTERNAL -> 500;
            case EventException.OVERLOADED -> 503;
            default -> 403;
        };
        return new RejectedException(status, rejection.code(), rejection.getMessage(), 0);
    }

    public int status() {
        return status;
    }

    /** Seconds after which the client may retry; 0 if retrying is useless. */
    public int retryAfter() {
        return retryAfter;
    }
}
