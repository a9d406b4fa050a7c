package dev.hubbub.socketio;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.websocket.HandshakeConfigurator;
import dev.hubbub.websocket.HandshakeRequestListener;

/**
 * Rejects also handshakes that are invalid in Engine.IO 4, before the container upgrades them. The status is always 403, because
 * Jakarta WebSocket allows no other one here; where filters run first, {@link EngineFilter} rejects them with the right status.
 */
public final class EngineHandshakeConfigurator extends HandshakeConfigurator {
    @Override
    public boolean checkOrigin(String origin) {
        HandshakeRequest handshakeRequest = HandshakeRequestListener.current();
        return (handshakeRequest == null || isHandshake(handshakeRequest.query())) && super.checkOrigin(origin);
    }

    @Override
    protected boolean continuesSession(HandshakeRequest handshakeRequest) {
        return hasSession(handshakeRequest);
    }

    /** Whether the request names a session that polls, which it wants to upgrade. An empty {@code sid} starts a new session. */
    public static boolean hasSession(HandshakeRequest handshakeRequest) {
        String sid = handshakeRequest.parameter("sid");
        return sid != null && !sid.isEmpty();
    }

    /** @param query encoded as in the URL; null for none */
    public static boolean isHandshake(String query) {
        return EngineError.ofHandshake(query) == null;
    }
}
