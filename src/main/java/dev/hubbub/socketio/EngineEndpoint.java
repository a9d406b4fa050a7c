package dev.hubbub.socketio;

import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import dev.hubbub.websocket.HandshakeConfigurator;
import dev.hubbub.websocket.MessageAssembler;
import dev.hubbub.websocket.SessionConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;

/** Engine.IO by WebSocket: a session from the start, or the upgrade of one that polls. */
@ServerEndpoint(value = EngineEndpoint.PATH, configurator = EngineHandshakeConfigurator.class)
public class EngineEndpoint {
    public static final String PATH = "/socket.io/";

    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private MessageAssembler message;
    private SessionConnection connection;
    private EngineSession session;
    private boolean upgrading;

    @OnOpen
    public void open(Session socket, EndpointConfig config) {
        Hubbub hubbub = Hubbub.current();
        socket.setMaxIdleTimeout(-1); // no limit; with 0, Tyrus schedules a task for every message
        message = new MessageAssembler(hubbub.settings().maxPayload());
        connection = SessionConnection.of(socket, hubbub);
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
                connection.close(CloseCode.TRY_AGAIN_LATER, "Too many sessions are opened at once");
            } else {
                session.begin(connection);
            }
            return;
        }
        EngineSession polling = engine.session(sid);
        if (polling == null || !polling.beginUpgrade(connection)) {
            connection.close(CloseCode.POLICY, "The session has a WebSocket, or has ended");
            return;
        }
        session = polling;
        upgrading = true;
    }

    @OnMessage
    public void text(String part, boolean last) {
        if (session == null || message.isTooBig()) {
            return;
        }
        String whole = message.add(part, last);
        if (message.isTooBig()) {
            tooBig();
        } else if (whole != null) {
            receive(() -> receive(whole));
        }
    }

    @OnMessage
    public void binary(ByteBuffer part, boolean last) {
        if (session == null || message.isTooBig()) {
            return;
        }
        ByteBuffer whole = message.add(part, last);
        if (message.isTooBig()) {
            tooBig();
        } else if (whole != null) {
            receive(() -> receive(whole));
        }
    }

    private void receive(String packet) throws BadPacketException {
        if (!upgrading) {
            session.receive(packet);
        } else if (packet.equals("2probe")) {
            connection.send(Frame.text("3probe"), false, failure -> {});
            session.probed();
        } else if (packet.equals("5") && session.upgrade(connection)) {
            upgrading = false;
        } else {
            connection.close(CloseCode.POLICY, "An upgrade is 2probe, then 5");
        }
    }

    private void receive(ByteBuffer packet) throws BadPacketException {
        if (upgrading) {
            connection.close(CloseCode.POLICY, "An upgrade is 2probe, then 5");
        } else {
            session.receive(packet);
        }
    }

    /** What comes in. */
    private interface Incoming {
        void receive() throws BadPacketException;
    }

    private void receive(Incoming packet) {
        session.receiving.lock();
        try {
            packet.receive();
        } catch (BadPacketException bad) {
            session.close(CloseCode.POLICY, "A bad packet: " + bad.getMessage());
        } finally {
            session.receiving.unlock();
        }
    }

    private void tooBig() {
        String limit = "A frame has at most " + Hubbub.current().settings().maxPayload() + " bytes";
        if (upgrading) {
            connection.close(CloseCode.TOO_BIG, limit);
        } else {
            session.close(CloseCode.TOO_BIG, limit);
        }
    }

    @OnClose
    public void close(CloseReason reason) {
        if (session == null) {
            return;
        }
        connection.closed();
        if (upgrading) {
            session.endUpgrade(connection);
        } else {
            String phrase = reason.getReasonPhrase();
            session.close(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
        }
    }

    /** Only failures of the socket come here, and what follows on them is the closing; handlers never throw. */
    @OnError
    public void error(Throwable failure) {
        LOG.log(System.Logger.Level.DEBUG, () -> "A connection of Socket.IO", failure);
    }
}
