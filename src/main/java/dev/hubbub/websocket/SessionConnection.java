package dev.hubbub.websocket;

import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.Secret;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends by what every container has: asynchronously, one frame at a time. Overlapping sends fail on Tomcat and Open
 * Liberty and queue without bound elsewhere, so the hub never overlaps them; faster ways are chosen by what the session
 * really is.
 */
public class SessionConnection implements Connection {
    static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** For so long the other end may take to answer a close frame. */
    private static final Duration ANSWERING = Duration.ofSeconds(5);

    /** RFC 6455, section 5.5: a control frame has 125 bytes, and two of a close frame are the code. */
    private static final int MAX_REASON = 123;

    /** RFC 7692. */
    static final String DEFLATE = "permessage-deflate";

    private static final String TYRUS = "org.glassfish.tyrus.core.TyrusSession";
    private static final String TOMCAT = "org.apache.tomcat.websocket.WsSession";

    private static final Set<Class<?>> LOGGED = ConcurrentHashMap.newKeySet();

    final Session session;
    private LocalHub hub;
    private CloseHandshake gate;
    private String secret;
    private volatile boolean closed;

    /**
     * Before the socket of a server that would end it before the other end has answered the close frame (RFC 6455, section
     * 7.1.1). An interface, since what does it cannot be loaded on other servers.
     */
    interface CloseHandshake {
        /** What is done so sends a close frame and does not end the socket. */
        void keepOpen(Runnable task);

        /** Completed when the socket has been ended. */
        CompletableFuture<Void> ended();

        /** Ends the socket. */
        void close();
    }

    SessionConnection(Session session) {
        this.session = session;
    }

    /** From now on the client can show that it is the same when it comes back; to be said before it is connected. */
    public void promiseReturn() {
        secret = Secret.next();
    }

    @Override
    public String secret() {
        return secret;
    }

    /**
     * The fastest way that this session allows.
     *
     * @param hubbub says in its settings whether it may be another than what every container has
     */
    public static SessionConnection of(Session session, Hubbub hubbub) {
        CloseHandshake gate = gate(session);
        SessionConnection fast = hubbub.settings().fastSending()
                ? fast(session, gate, hubbub.settings().compressFrom())
                : null;
        SessionConnection chosen = fast == null ? new SessionConnection(session) : fast;
        chosen.hub = hubbub.hub();
        chosen.gate = gate;
        if (LOGGED.add(session.getClass())) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Sessions of {0} are sent to by {1}",
                    session.getClass().getName(),
                    chosen.getClass().getSimpleName());
        }
        return chosen;
    }

    /** Null if it needs none. */
    private static CloseHandshake gate(Session session) {
        try {
            return session.getClass().getName().equals(TYRUS) ? TyrusCloseHandshake.before(session) : null;
        } catch (LinkageError hidden) {
            return null;
        }
    }

    /** Null if nothing faster is known for it, or what is written below its extensions would miss them. */
    private static SessionConnection fast(Session session, CloseHandshake gate, int compressFrom) {
        boolean plain = session.getNegotiatedExtensions().isEmpty();
        if (!plain && !takesAnyDeflate(session)) {
            return null;
        }
        int from = plain ? Integer.MAX_VALUE : compressFrom;
        try {
            return switch (session.getClass().getName()) {
                case TOMCAT -> TomcatConnection.of(session, from);
                case TYRUS -> TyrusConnection.of(session, gate, from);
                case "org.eclipse.jetty.ee10.websocket.jakarta.common.JakartaWebSocketSession",
                        "org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession" ->
                    JettyConnection.of(session, from);
                default -> null;
            };
        } catch (LinkageError hidden) {
            return null; // a server whose class loaders show applications nothing of it
        }
    }

    /** Whether all that was agreed on is permessage-deflate, with a window as large as ours (RFC 7692, section 7.1.2.1). */
    private static boolean takesAnyDeflate(Session session) {
        return session.getNegotiatedExtensions().stream()
                .allMatch(extension -> extension.getName().equals(DEFLATE)
                        && extension.getParameters().stream()
                                .noneMatch(parameter -> parameter.getName().equals("server_max_window_bits")));
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
    public final void close(int code, String reason) {
        if (closed) {
            return;
        }
        closed = true;
        end(code, reason);
    }

    void end(int code, String reason) {
        if (gate == null) {
            closeSession(code, reason);
        } else {
            gate.keepOpen(() -> closeSession(code, reason));
            hub.awaitEnd(gate.ended(), ANSWERING, gate::close);
        }
    }

    private void closeSession(int code, String reason) {
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
