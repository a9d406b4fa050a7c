package dev.hubbub.socketio;

import dev.hubbub.websocket.Handshakes;
import dev.hubbub.websocket.OpeningRequest;

/** Refuses also what is no handshake of Engine.IO 4, before any upgrade; with 403, for nothing else can be said there. */
public final class EngineHandshakes extends Handshakes {
    @Override
    public boolean checkOrigin(String origin) {
        OpeningRequest.Request request = OpeningRequest.current();
        return super.checkOrigin(origin) && (request == null || EngineError.ofHandshake(request.query()) == null);
    }
}
