package dev.hubbub.socketio;

import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.container.MessageReceiver;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.PrintableFailure;
import dev.hubbub.websocket.HandshakeConfigurator;
import dev.hubbub.websocket.MessageAssembler;
import dev.hubbub.websocket.WebSocketConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;

/** Engine.IO by WebSocket: a session that starts with it, or the upgrade of a session that polls. */
@ServerEndpoint(value = EngineEndpoint.PATH, configurator = EngineHandshakeConfigurator.class)
public class EngineEndpoint {
    public static final String PATH = "/socket.io/";

    private static final String INVALID_UPGRADE = "Packets of an upgrade must be 2probe and then 5";

    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private MessageAssembler message;
    private WebSocketConnection connection;
    private EngineSession session;
    private boolean upgrading;

    @OnOpen
    public void open(Session socket, EndpointConfig config) {
        Hubbub hubbub = Hubbub.current();
        socket.setMaxIdleTimeout(-1); // no limit; with 0, Tyrus schedules a task for every message
        message = new MessageAssembler(
                hubbub.settings().maxPayload(),
                !socket.getNegotiatedExtensions().isEmpty());
        connection = WebSocketConnection.of(
                socket, hubbub, new Messages(hubbub.settings().maxPayload()));
        Handshake handshake = HandshakeConfigurator.take(socket, config);
        if (EngineError.of(
                        "GET",
                        EngineError.WEBSOCKET,
                        name -> handshake.parameter(name).orElse(null))
                != null) {
            connection.close(CloseCode.POLICY, "Bad request");
            return;
        }
        String sid = handshake.parameter("sid").orElse("");
        EngineSessions engine = EngineSessions.of(hubbub);
        if (sid.isEmpty()) {
            session = engine.open(handshake);
            if (session == null) {
                connection.close(CloseCode.TRY_AGAIN_LATER, "Too many sessions are being opened");
            } else {
                session.open(connection);
            }
            return;
        }
        EngineSession polling = engine.session(sid);
        if (polling == null || !polling.transport().beginUpgrade(connection)) {
            connection.close(CloseCode.POLICY, "The session has ended or already has a WebSocket");
            return;
        }
        session = polling;
        upgrading = true;
    }

    @OnMessage
    public void text(String part, boolean last) {
        if (session == null || message.isTooBig()) {
            message.drop(part.length());
            return;
        }
        String whole = message.add(part, last);
        if (message.isTooBig()) {
            rejectTooBig();
        } else if (whole != null) {
            receive(() -> receive(whole));
            connection.received();
        }
    }

    private final class Messages implements MessageReceiver {
        private final int maxMessage;

        Messages(int maxMessage) {
            this.maxMessage = maxMessage;
        }

        @Override
        public int maxMessage() {
            return maxMessage;
        }

        @Override
        public void tooBig() {
            rejectTooBig();
        }

        @Override
        public void text(String whole) {
            if (session != null && !message.isTooBig()) {
                EngineEndpoint.this.receive(() -> EngineEndpoint.this.receive(whole));
            }
        }
    }

    @OnMessage
    public void binary(ByteBuffer part, boolean last) {
        if (session == null || message.isTooBig()) {
            message.drop(part.remaining());
            return;
        }
        ByteBuffer whole = message.add(part, last);
        if (message.isTooBig()) {
            rejectTooBig();
        } else if (whole != null) {
            receive(() -> receive(whole));
        }
    }

    private void receive(String packet) throws BadPacketException {
        if (!upgrading) {
            session.receive(packet);
        } else if (packet.equals("2probe")) {
            connection.send(Frame.text("3probe"), false, failure -> {});
            session.transport().probed();
        } else if (packet.equals("5") && session.transport().upgrade(connection)) {
            upgrading = false;
        } else {
            connection.close(CloseCode.POLICY, INVALID_UPGRADE);
        }
    }

    private void receive(ByteBuffer packet) throws BadPacketException {
        if (upgrading) {
            connection.close(CloseCode.POLICY, INVALID_UPGRADE);
        } else {
            session.receive(packet);
        }
    }

    /** Handles a packet. */
    private interface Receiver {
        void receive() throws BadPacketException;
    }

    private void receive(Receiver receiver) {
        session.receiving.lock();
        try {
            receiver.receive();
        } catch (BadPacketException bad) {
            session.close(CloseCode.POLICY, "Invalid packet: " + bad.getMessage());
        } finally {
            session.receiving.unlock();
        }
    }

    private void rejectTooBig() {
        if (upgrading || session == null) {
            connection.close(CloseCode.TOO_BIG, limit());
        } else {
            session.close(CloseCode.TOO_BIG, limit());
        }
    }

    private static String limit() {
        return "A message must have at most " + Hubbub.current().settings().maxPayload() + " bytes";
    }

    @OnClose
    public void close(CloseReason reason) {
        if (session == null) {
            return;
        }
        connection.closed();
        if (upgrading) {
            session.transport().endUpgrade(connection);
        } else {
            String phrase = reason.getReasonPhrase();
            session.close(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
        }
    }

    /** Called for failures of the socket and by {@link MessageAssembler#drop}; the container closes the connection afterwards. */
    @OnError
    public void error(Throwable failure) {
        LOG.log(System.Logger.Level.DEBUG, () -> "A Socket.IO connection failed", PrintableFailure.of(failure));
        if (message != null && message.isTooBig()) {
            connection.closeNow(CloseCode.TOO_BIG, limit()); // the container would choose another code
        }
    }
}
