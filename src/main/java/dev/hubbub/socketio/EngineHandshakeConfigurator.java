package dev.hubbub.socketio;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.websocket.HandshakeConfigurator;
import dev.hubbub.websocket.HandshakeRequestListener;

/**
 * Refuses also what is no handshake of Engine.IO 4, before any upgrade. With 403, for nothing else can be said there; where
 * possible others come first ({@link EngineFilter}).
 */
public final class EngineHandshakeConfigurator extends HandshakeConfigurator {
    @Override
    public boolean checkOrigin(String origin) {
        HandshakeRequest opening = HandshakeRequestListener.current();
        return (opening == null || isHandshake(opening.query())) && super.checkOrigin(origin);
    }

    @Override
    protected boolean continues(HandshakeRequest opening) {
        return hasSession(opening);
    }

    /** Whether it is to take over a session that polls; an empty sid begins one. */
    public static boolean hasSession(HandshakeRequest opening) {
        String sid = opening.parameter("sid");
        return sid != null && !sid.isEmpty();
    }

    /** @param query as it stands in the URL, or null */
    public static boolean isHandshake(String query) {
        return EngineError.ofHandshake(query) == null;
    }
}
