package dev.hubbub.container.tomcat;

import dev.hubbub.container.CloseHandshake;
import dev.hubbub.container.Container;
import dev.hubbub.container.SocketWriter;
import jakarta.websocket.Session;

/** Tomcat and TomEE. */
public final class Tomcat implements Container {
    private static final String SESSION = "org.apache.tomcat.websocket.WsSession";

    @Override
    public SocketWriter writer(Session session, CloseHandshake handshake, int compressFrom) {
        return session.getClass().getName().equals(SESSION) ? TomcatWriter.open(session, compressFrom) : null;
    }
}
