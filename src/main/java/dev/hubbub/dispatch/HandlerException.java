package dev.hubbub.dispatch;

/** A handler that cannot work; it stops the start-up. The message names class and method and says what is wrong. */
public final class HandlerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HandlerException(String message) {
        super(message);
    }

    HandlerException(String message, Throwable cause) {
        super(message, cause);
    }
}
