package dev.hubbub.hub;

import dev.hubbub.Member;
import dev.hubbub.protocol.Frame;
import java.util.Map;

/** The socket side of a client, as a transport provides it to the hub. */
public interface Connection {
    /**
     * Starts to send a frame. Only a client's outbox calls it, and never again before it has been told of the completion. It
     * does not block.
     *
     * @param more another frame follows at once, unless the client is closed: this one may be held back to travel with it
     * @param sent told of the completion exactly once, on any thread, perhaps before this method returns
     */
    void send(Frame frame, boolean more, Sent sent);

    /** The name of the transport in metrics and in the log: {@code websocket}, {@code sse}, {@code polling} or {@code socketio}. */
    default String transport() {
        return "websocket";
    }

    /** Closes the connection; may block for as long as the container's own time-out. Further calls do nothing. */
    void close(int code, String reason);

    /**
     * The secret by which later requests and connections show that they belong to this client; the client is told it in
     * {@code connected}. Null if it has no use for one.
     */
    default String secret() {
        return null;
    }

    /** Whether the client, which has a secret, may return to any node of a cluster; then {@link #useSecret} works. */
    default boolean returnsToAnyNode() {
        return false;
    }

    /** Replaces the secret, before the client is told it. */
    default void useSecret(String secret) {
        throw new UnsupportedOperationException();
    }

    /** Whether the client can prove its identity when it returns after it was lost, by means of the transport itself. */
    default boolean mayReturn() {
        return false;
    }

    /** Whether the client answers pings. Otherwise it counts as alive as long as it can be written to. */
    default boolean answersPings() {
        return true;
    }

    /** Whether the client has proven by means of the transport itself that it had its id before. */
    default boolean hasReturned() {
        return false;
    }

    /** Whether the transport itself tells clients their positions; otherwise frames carry them for clients that ask for it. */
    default boolean tellsPositions() {
        return false;
    }

    /** Whether a returning client gets back its rooms, because the transport's clients do not join again by themselves. */
    default boolean restoresRooms() {
        return false;
    }

    /** The rooms that a returning client had, until it has joined them again. */
    default Map<String, Member> roomsToRestore() {
        return Map.of();
    }

    /** The positions that the client has reached, by epoch, if the transport tracks them; otherwise empty. */
    default Map<String, Long> positions() {
        return Map.of();
    }

    /** The client has left the room with this epoch: its position need not be tracked any more. Must not block. */
    default void leftRoom(String epoch) {}

    /** Told of the completion of a {@link #send}. */
    interface Sent {
        /** @param failure null if the next frame can be sent */
        void sent(Throwable failure);
    }
}
