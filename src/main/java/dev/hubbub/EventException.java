package dev.hubbub;

import java.util.regex.Pattern;

/**
 * Thrown by a handler to answer its client with {@code error}, a code and a message. Both are shown to the client: they
 * must not tell what it may not know. It is an answer and not a failure of the server, and has no stack trace.
 */
public class EventException extends RuntimeException {
    /** The frame is not an event. */
    public static final String MALFORMED = "malformed";
    /** Nobody handles an event of this name. */
    public static final String UNKNOWN_EVENT = "unknown-event";
    /** The data does not bind to what the handler takes. */
    public static final String INVALID_DATA = "invalid-data";
    /** The client may not do this. */
    public static final String FORBIDDEN = "forbidden";
    /** The client is not in the room. */
    public static final String NOT_IN_ROOM = "not-in-room";
    /** Something exceeds its limit. */
    public static final String TOO_LARGE = "too-large";
    /** The client sends too fast. */
    public static final String RATE_LIMITED = "rate-limited";
    /** The server has too much to do. */
    public static final String OVERLOADED = "overloaded";
    /** A handler failed; the server's log says why. */
    public static final String INTERNAL = "internal";
    /** The client has gone; only seen on the server. */
    public static final String DISCONNECTED = "disconnected";

    private static final long serialVersionUID = 1L;

    private static final Pattern WORDS = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final String code;

    /**
     * @param code one of the constants, or the application's own: lower-case words with hyphens
     * @param message says what is wrong and what would be right
     * @throws IllegalArgumentException if the code is not of that form
     */
    public EventException(String code, String message) {
        this(code, message, null);
    }

    /** @param cause for the server's log only */
    public EventException(String code, String message, Throwable cause) {
        super(message, cause, false, false);
        if (!WORDS.matcher(code).matches()) {
            throw new IllegalArgumentException("An error code is lower-case words with hyphens: " + code);
        }
        this.code = code;
    }

    public String code() {
        return code;
    }
}
