package dev.hubbub;

import java.util.regex.Pattern;

/**
 * Thrown by a handler to answer its client with the event {@code error}. The client is sent the code and the message, so they
 * must not contain anything confidential. The exception is an answer, not a failure of the server, so it has no stack trace.
 */
public class EventException extends RuntimeException {
    /** The frame is not an event. */
    public static final String MALFORMED = "malformed";
    /** No handler exists for an event with this name. */
    public static final String UNKNOWN_EVENT = "unknown-event";
    /** The data does not bind to the type that the handler expects. */
    public static final String INVALID_DATA = "invalid-data";
    /** The client may not do this. */
    public static final String FORBIDDEN = "forbidden";
    /** The client is not in the room. */
    public static final String NOT_IN_ROOM = "not-in-room";
    /** The event or a part of it exceeds a limit. */
    public static final String TOO_LARGE = "too-large";
    /** The client sends more events than allowed. */
    public static final String RATE_LIMITED = "rate-limited";
    /** The server is too busy to handle the event. */
    public static final String OVERLOADED = "overloaded";
    /** The event was not accepted because a part of the server, such as its database, is unavailable. It may be sent again. */
    public static final String UNAVAILABLE = "unavailable";
    /** A handler has failed; the log of the server has the exception. */
    public static final String INTERNAL = "internal";
    /** The client has disconnected. Only used on the server. */
    public static final String DISCONNECTED = "disconnected";

    private static final long serialVersionUID = 1L;

    private static final Pattern CODE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final String code;

    /**
     * @param code one of the constants, or a code of the application: lower-case words joined by hyphens
     * @param message says what is wrong and what is expected
     * @throws IllegalArgumentException if the code does not have that form
     */
    public EventException(String code, String message) {
        this(code, message, null);
    }

    /** @param cause for the log of the server; it is not sent to the client */
    public EventException(String code, String message, Throwable cause) {
        super(message, cause, false, false);
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("An error code must be lower-case words joined by hyphens, not " + code);
        }
        this.code = code;
    }

    public String code() {
        return code;
    }
}
