package dev.hubbub.container;

import dev.hubbub.hub.Connection.Sent;
import dev.hubbub.protocol.Frame;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sends with the API that every server has: asynchronously, one frame at a time. Overlapping sends fail on Tomcat and Open
 * Liberty and queue without bound elsewhere, so the hub never overlaps them.
 */
final class PortableWriter implements SocketWriter {
    private final Session session;

    PortableWriter(Session session) {
        this.session = session;
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        SendHandler handler = result -> sent.sent(result.isOK() ? null : SocketWriter.failure(result.getException()));
        switch (frame.kind()) {
            case TEXT -> session.getAsyncRemote().sendText(frame.text(), handler);
            case BINARY -> session.getAsyncRemote().sendBinary(frame.payload(), handler);
            case PING -> ping(sent);
        }
    }

    private void ping(Sent sent) {
        try {
            session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
            sent.sent(null);
        } catch (IOException e) {
            sent.sent(e);
        }
    }
}
