package dev.hubbub.socketio;

/** What came is against the protocol; the session ends. */
final class BadPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPacketException(String message) {
        super(message, null, false, false);
    }
}
