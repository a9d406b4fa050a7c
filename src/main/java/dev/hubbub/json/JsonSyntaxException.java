package dev.hubbub.json;

/** The text is not JSON; the message says what is wrong and at which character. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonSyntaxException(String what, int position) {
        // No stack trace: a client can cause these as fast as it can send.
        super(what + " at character " + (position + 1), null, false, false);
    }
}
