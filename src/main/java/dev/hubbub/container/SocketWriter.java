package dev.hubbub.container;

import dev.hubbub.hub.Connection.Sent;
import dev.hubbub.protocol.Frame;
import java.io.IOException;

/** Writes the frames of one WebSocket connection to its socket. {@link SocketWriters} opens them. */
public interface SocketWriter {
    /**
     * Starts to send a frame. Only the client's outbox calls this, and not again before {@code sent} has been called. Does not
     * block.
     *
     * @param more another frame follows at once, unless the connection is closed: a writer may hold this one back and send both
     *     together
     * @param sent called exactly once, on any thread, possibly before this method returns
     */
    void send(Frame frame, boolean more, Sent sent);

    /**
     * Closes the connection. A writer whose close frame would wait behind frames that the client does not read ends the socket
     * as well, or instead.
     *
     * @param closeSession closes the session as Jakarta WebSocket does, with a close frame
     */
    default void close(Runnable closeSession) {
        closeSession.run();
    }

    /** The cause of a failed write; servers may give none. */
    static Throwable failure(Throwable cause) {
        return cause == null ? new IOException("The server gives no reason") : cause;
    }
}
