package dev.hubbub.websocket;

import dev.hubbub.hub.Connection;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends by what every container has: asynchronously, one frame at a time. Overlapping sends fail on Tomcat and Open
 * Liberty and queue without bound elsewhere, so the hub never overlaps them; faster ways are chosen by what the session
 * really is.
 */
public class SessionConnection implements Connection {
    static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** RFC 6455, section 5.5: a control frame has 125 bytes, and two of a close frame are the code. */
    private static final int MAX_REASON = 123;

    private static final Set<Class<?>> LOGGED = ConcurrentHashMap.newKeySet();

    final Session session;
    private volatile boolean closed;

    SessionConnection(Session session) {
        this.session = session;
    }

    /**
     * The fastest way that this session allows.
     *
     * @param portable what every container has, whatever the session is
     */
    public static SessionConnection of(Session session, boolean portable) {
        SessionConnection fast = portable ? null : fast(session);
        SessionConnection chosen = fast == null ? new SessionConnection(session) : fast;
        if (LOGGED.add(session.getClass())) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Sessions of {0} are sent to by {1}",
                    session.getClass().getName(),
                    chosen.getClass().getSimpleName());
        }
        return chosen;
    }

    private static SessionConnection fast(Session session) {
        try {
            return switch (session.getClass().getName()) {
                case "org.apache.tomcat.websocket.WsSession" -> TomcatConnection.of(session);
                case "org.glassfish.tyrus.core.TyrusSession" -> TyrusConnection.of(session);
                case "org.eclipse.jetty.ee10.websocket.jakarta.common.JakartaWebSocketSession",
                        "org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession" ->
                    JettyConnection.of(session);
                default -> null;
            };
        } catch (LinkageError hidden) {
            return null; // a server whose class loaders show applications nothing of it
        }
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        SendHandler handler = result -> sent.sent(result.isOK() ? null : failure(result.getException()));
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

    static Throwable failure(Throwable cause) {
        return cause == null ? new IOException("The container gives no reason") : cause;
    }

    @Override
    public void close(int code, String reason) {
        if (closed) {
            return;
        }
        closed = true;
        int sendable = code == CloseCode.ABNORMAL ? CloseCode.INTERNAL : code;
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(sendable), shortened(reason)));
        } catch (IOException | RuntimeException e) {
            // The other end may have gone first, and containers say that in different ways.
            LOG.log(System.Logger.Level.DEBUG, "Closing a connection", e);
        }
    }

    /** The container has closed the session. */
    public void closed() {
        closed = true;
    }

    private static String shortened(String reason) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REASON);
        StandardCharsets.UTF_8
                .newEncoder()
                .encode(CharBuffer.wrap(reason), bytes, true); // stops before what is too much
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
