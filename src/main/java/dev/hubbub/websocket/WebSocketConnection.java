package dev.hubbub.websocket;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.container.CloseHandshake;
import dev.hubbub.container.Containers;
import dev.hubbub.container.MessageReceiver;
import dev.hubbub.container.SocketReader;
import dev.hubbub.container.SocketWriter;
import dev.hubbub.container.SocketWriters;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.Secret;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.PrintableFailure;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The connection of a client by WebSocket. Its {@link SocketWriter} writes frames in the best way for the server. */
public final class WebSocketConnection implements Connection {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** How long the client may take to answer a close frame. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** Bytes. A control frame has at most 125 (RFC 6455, section 5.5), of which a close frame needs two for its code. */
    private static final int MAX_REASON = 123;

    private final Session session;
    private final Hubbub hubbub;
    private final SocketWriter writer;
    /** Null if the server completes the closing handshake by itself. */
    private final CloseHandshake handshake;
    /** Null if the server reads all messages. */
    private final SocketReader reader;

    private String secret;
    private volatile boolean closed;

    private WebSocketConnection(
            Session session, Hubbub hubbub, SocketWriter writer, CloseHandshake handshake, SocketReader reader) {
        this.session = session;
        this.hubbub = hubbub;
        this.writer = writer;
        this.handshake = handshake;
        this.reader = reader;
    }

    /**
     * The connection of a session that has just been opened.
     *
     * @param receiver receives messages on servers that have them before the endpoint does
     */
    public static WebSocketConnection of(Session session, Hubbub hubbub, MessageReceiver receiver) {
        Settings settings = hubbub.settings();
        CloseHandshake handshake = Containers.closeHandshake(session);
        Containers.receiveMessages(handshake, receiver);
        SocketWriter writer = SocketWriters.open(session, handshake, settings.fastSending(), settings.compressFrom());
        SocketReader reader = settings.fastSending()
                ? Containers.reader(session, receiver, hubbub.hub().services().readers())
                : null;
        return new WebSocketConnection(session, hubbub, writer, handshake, reader);
    }

    /** Creates the secret by which the client keeps its id when it reconnects. Must be called before the client is connected. */
    public void createSecret() {
        secret = Secret.next();
    }

    @Override
    public String secret() {
        return secret;
    }

    @Override
    public boolean returnsToAnyNode() {
        return true;
    }

    @Override
    public void useSecret(String shared) {
        secret = shared;
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        writer.send(frame, more, sent);
    }

    @Override
    public void close(int code, String reason) {
        if (closed) {
            return;
        }
        closed = true;
        writer.close(() -> startClosing(code, reason));
    }

    private void startClosing(int code, String reason) {
        if (handshake == null) {
            closeSession(code, reason);
        } else {
            handshake.keepOpenDuring(() -> closeSession(code, reason));
            hubbub.hub().awaitClose(handshake.ended(), ANSWER_TIMEOUT, handshake::close);
        }
    }

    private void closeSession(int code, String reason) {
        int sendable = code == CloseCode.ABNORMAL ? CloseCode.INTERNAL : code;
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(sendable), truncated(reason)));
        } catch (IOException | RuntimeException e) {
            // The client may have closed first, which servers report in different ways.
            LOG.log(System.Logger.Level.DEBUG, "A connection could not be closed", PrintableFailure.of(e));
        }
    }

    /** Closes the session on this thread, with a close frame before all that waits, unless that has been done already. */
    public void closeNow(int code, String reason) {
        closed = true;
        closeSession(code, reason);
    }

    /** Must be called when the endpoint has received a whole text message. */
    public void received() {
        if (reader != null) {
            reader.received();
        }
    }

    /** Must be called when the server has closed the session. */
    public void closed() {
        closed = true;
        if (reader != null) {
            reader.closed();
        }
    }

    private static String truncated(String reason) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REASON);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(reason), bytes, true); // stops when bytes is full
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
