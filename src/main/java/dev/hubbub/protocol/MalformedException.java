package dev.hubbub.protocol;

import dev.hubbub.EventException;

/** A frame is not an event (error code {@code malformed}). */
public final class MalformedException extends EventException {
    private static final long serialVersionUID = 1L;

    private final String id;

    /** @param id the JSON text of the id of the frame; null if it has none or an invalid one */
    public MalformedException(String message, String id) {
        super(MALFORMED, message);
        this.id = id;
    }

    /** The JSON text of the id, so that the error can be an answer to it; null if it is missing or invalid. */
    public String id() {
        return id;
    }
}
