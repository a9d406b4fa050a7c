package dev.hubbub.dispatch;

/** A handler is invalid, which stops the start-up. The message names its class and method, and the reason. */
public final class HandlerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HandlerException(String message) {
        super(message);
    }

    HandlerException(String message, Throwable cause) {
        super(message, cause);
    }
}
