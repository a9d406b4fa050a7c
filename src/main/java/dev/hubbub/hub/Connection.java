package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;

/** The socket side of a client, as a transport gives it to the hub. */
public interface Connection {
    /**
     * Starts to send a frame. Only a client's outbox calls it, and never again before it was told of the end. It does
     * not block.
     *
     * @param more another frame follows at once, unless the client is ended: this one may be held back to travel with it
     * @param sent told exactly once, on any thread, perhaps before this method returns
     */
    void send(Frame frame, boolean more, Sent sent);

    /** Ends the connection; may block for as long as the container's own time-out. Further calls do nothing. */
    void close(int code, String reason);

    /**
     * What shows that a request belongs to this client, where its events come in by requests of their own, and that it is the
     * same who comes back: with its id, the client is told of it in {@code connected}. Null if it has no use for it.
     */
    default String secret() {
        return null;
    }

    /** Whether its client can show by a way of the transport that it is the same when it comes back after it was lost. */
    default boolean mayReturn() {
        return false;
    }

    /** Whether the transport itself says the positions of events; else they are put into the frames of who wants them. */
    default boolean tellsPositions() {
        return false;
    }

    /** The end of a {@link #send}. */
    interface Sent {
        /** @param failure null if the next frame can be sent */
        void sent(Throwable failure);
    }
}
