package dev.hubbub.container.tomcat;

import dev.hubbub.container.CloseHandshake;
import dev.hubbub.container.Container;
import dev.hubbub.container.MessageReceiver;
import dev.hubbub.container.SocketReader;
import dev.hubbub.container.SocketWriter;
import dev.hubbub.hub.ReadLoops;
import jakarta.websocket.Session;

/** Tomcat and TomEE. */
public final class Tomcat implements Container {
    private static final String SESSION = "org.apache.tomcat.websocket.WsSession";

    @Override
    public SocketWriter writer(Session session, CloseHandshake handshake, int compressFrom) {
        return isOfTomcat(session) ? TomcatWriter.open(session, compressFrom) : null;
    }

    @Override
    public SocketReader reader(Session session, MessageReceiver receiver, ReadLoops loops) {
        return isOfTomcat(session) ? TomcatReader.open(session, receiver, loops) : null;
    }

    private static boolean isOfTomcat(Session session) {
        return session.getClass().getName().equals(SESSION);
    }
}
