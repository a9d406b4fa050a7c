package dev.hubbub.container;

import java.util.concurrent.CompletableFuture;

/**
 * The closing handshake of a session whose server would end the socket before the client has answered the close frame (RFC 6455,
 * section 7.1.1). An interface, because the implementation cannot be loaded on other servers.
 */
public interface CloseHandshake {
    /** Runs a task that closes the session: the close frame is sent, but the socket stays open. */
    void keepOpenDuring(Runnable task);

    /** Completes when the socket has been ended. */
    CompletableFuture<Void> ended();

    /** Ends the socket. */
    void close();
}
