package dev.hubbub.container.jetty;

import dev.hubbub.container.CloseHandshake;
import dev.hubbub.container.Container;
import dev.hubbub.container.ServerStop;
import dev.hubbub.container.SocketWriter;
import jakarta.servlet.ServletContext;
import jakarta.websocket.Session;
import java.util.Set;

/** Jetty 12. */
public final class Jetty implements Container {
    private static final Set<String> SESSIONS = Set.of(
            "org.eclipse.jetty.ee10.websocket.jakarta.common.JakartaWebSocketSession",
            "org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession");

    @Override
    public SocketWriter writer(Session session, CloseHandshake handshake, int compressFrom) {
        return SESSIONS.contains(session.getClass().getName()) ? JettyWriter.open(session, compressFrom) : null;
    }

    @Override
    public ServerStop serverStop(ServletContext context) {
        return context.getClass().getName().startsWith("org.eclipse.jetty.") ? new JettyStop(context) : null;
    }
}
