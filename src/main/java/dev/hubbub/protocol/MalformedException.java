package dev.hubbub.protocol;

import dev.hubbub.EventException;

/** A frame that is no event. */
public final class MalformedException extends EventException {
    private static final long serialVersionUID = 1L;

    private final String id;

    /** @param id JSON text; null if there is none that can be used */
    public MalformedException(String message, String id) {
        super(MALFORMED, message);
        this.id = id;
    }

    /** The id, for what is wrong may be something else; null if there is none that can be used. */
    public String id() {
        return id;
    }
}
