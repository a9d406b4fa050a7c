package dev.hubbub.container;

/**
 * Reads the messages of one WebSocket connection in place of the server, for as long as they are short text messages. Everything
 * else is handed back to the server unread.
 */
public interface SocketReader {
    /** To be called when the endpoint has received a whole text message from the server. */
    void received();

    /** To be called when the server has closed the session. */
    void closed();
}
