package dev.hubbub.socketio;

/** A packet of the client violates the protocol; the session is closed. */
final class BadPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPacketException(String message) {
        super(message, null, false, false);
    }
}
