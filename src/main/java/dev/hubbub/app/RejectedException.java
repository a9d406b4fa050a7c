package dev.hubbub.app;

import dev.hubbub.EventException;
import dev.hubbub.access.Bans;
import dev.hubbub.access.ConnectionLimiter;
import java.util.concurrent.ThreadLocalRandom;

/** A connection is rejected, with an HTTP status. */
public final class RejectedException extends EventException {
    private static final long serialVersionUID = 1L;

    private static final int RETRY_SECONDS = 10;

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
            case EventException.OVERLOADED, EventException.UNAVAILABLE -> 503;
            default -> 403;
        };
        return new RejectedException(status, rejection.code(), rejection.getMessage(), 0);
    }

    /** The rejection by a limit. */
    static RejectedException by(ConnectionLimiter.Rejection limit) {
        int status = limit.code().equals(OVERLOADED) ? 503 : 429;
        // Clients that come all at once do not retry all at once.
        int retryAfter = limit == ConnectionLimiter.Rejection.ADMISSIONS
                ? 1 + ThreadLocalRandom.current().nextInt(RETRY_SECONDS)
                : RETRY_SECONDS;
        return new RejectedException(status, limit.code(), limit.message(), retryAfter);
    }

    /** The rejection of somebody who is banned. */
    static RejectedException by(Bans.Ban ban) {
        String reason = ban.reason().isEmpty() ? "" : ": " + ban.reason();
        return new RejectedException(403, FORBIDDEN, "You are banned until " + ban.until() + reason, 0);
    }

    public int status() {
        return status;
    }

    /** Seconds after which the client may retry; 0 if retrying is useless. */
    public int retryAfter() {
        return retryAfter;
    }
}
