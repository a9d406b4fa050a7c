package dev.hubbub.json;

/** A text is not JSON. The message says what is wrong and at which character, counted from 1. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonSyntaxException(String problem, int index) {
        // No stack trace, because it is slow and a client can cause these exceptions as fast as it can send.
        super(problem + " at character " + (index + 1), null, false, false);
    }
}
