package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.access.RateLimiter;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.Mailbox;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.protocol.CloseCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * The Socket.IO side of one Engine.IO session: assembles packets and their attachments, and keeps the client's connection in each
 * namespace.
 */
final class SocketIoSession {
    private static final String INVALID_NAMESPACE = "{\"message\":\"Invalid namespace\"}";
    private static final String RATE_LIMITED =
            "{\"message\":\"You connect too often\",\"data\":{\"code\":\"" + EventException.RATE_LIMITED + "\"}}";

    private final EngineSessions engine;
    private final EngineSession session;
    private final Map<String, NamespaceConnection> connections = new ConcurrentHashMap<>(2);

    /** Limits the packets that are not events; null if there is no limit. Events count for the limiter of their client. */
    private final RateLimiter rateLimiter;

    /** Holds packets back while another thread connects a client. */
    private final Mailbox packets;

    // Used only by the thread that receives.
    private Packet incomplete;
    private final List<ByteBuffer> attachments = new ArrayList<>(1);

    SocketIoSession(EngineSessions engine, EngineSession session) {
        this.engine = engine;
        this.session = session;
        rateLimiter = engine.hubbub()
                .settings()
                .limits()
                .rateLimiter(
                        session.handshake().remoteAddress(), session.handshake().forwarded());
        packets = new Mailbox(engine.hubbub().hub().services().application(), () -> true);
    }

    boolean isConnected() {
        return !connections.isEmpty();
    }

    /** Handles a text message. */
    void text(String message) throws BadPacketException {
        if (incomplete != null) {
            throw new BadPacketException("The next packet must be an attachment");
        }
        Packet packet = Packet.parse(message, engine.hubbub().settings().maxAttachments());
        if (packet.attachments() > 0) {
            incomplete = packet;
        } else {
            receive(packet, List.of());
        }
    }

    /** Handles a binary message, which is an attachment of the previous packet. */
    void binary(ByteBuffer bytes) throws BadPacketException {
        if (incomplete == null) {
            throw new BadPacketException("An attachment must follow a binary packet");
        }
        attachments.add(bytes);
        if (attachments.size() == incomplete.attachments()) {
            Packet packet = incomplete;
            incomplete = null;
            List<ByteBuffer> all = List.copyOf(attachments);
            attachments.clear();
            receive(packet, all);
        }
    }

    private void receive(Packet packet, List<ByteBuffer> bytes) throws BadPacketException {
        if (packets.isOpen()) {
            handle(packet, bytes);
            return;
        }
        boolean taken = packets.add(
                () -> {
                    try {
                        handle(packet, bytes);
                    } catch (BadPacketException bad) {
                        session.close(CloseCode.POLICY, "Invalid packet: " + bad.getMessage());
                    }
                },
                true);
        if (!taken) {
            throw new BadPacketException("Too many packets were sent before the client was connected");
        }
    }

    private void handle(Packet packet, List<ByteBuffer> bytes) throws BadPacketException {
        NamespaceConnection connection = connections.get(packet.namespace());
        if (!packet.type().isEvent() && !isAllowed(packet)) { // events count for their client's limiter
            return;
        }
        if (packet.type() == Packet.Type.CONNECT && connection == null) {
            connect(packet);
            return;
        }
        if (connection == null || packet.type() == Packet.Type.CONNECT) {
            throw new BadPacketException("The client is not connected in this namespace, or is connected already");
        }
        if (packet.type() == Packet.Type.DISCONNECT) {
            remove(connection);
            connection.left();
        } else if (packet.type().isEvent()) {
            connection.event(packet, bytes);
        } else {
            connection.acknowledged(packet, bytes);
        }
    }

    /** Counts a packet of the session. A rejected CONNECT is answered, other rejected packets are ignored. */
    private boolean isAllowed(Packet packet) {
        RateLimiter.Decision decision = rateLimiter.check();
        if (decision == RateLimiter.Decision.ALLOWED) {
            return true;
        }
        engine.hubbub().hub().counters().rateLimited().increment();
        if (decision == RateLimiter.Decision.CLOSE) {
            session.close(CloseCode.POLICY, "You continue to send too many packets");
        } else if (packet.type() == Packet.Type.CONNECT) {
            session.send(EncodedPacket.packet(Packet.Type.CONNECT_ERROR, packet.namespace(), RATE_LIMITED));
        }
        return false;
    }

    private void connect(Packet packet) {
        NamespaceRuntime namespace = engine.hubbub().namespace(packet.namespace());
        if (namespace == null) {
            session.send(EncodedPacket.packet(Packet.Type.CONNECT_ERROR, packet.namespace(), INVALID_NAMESPACE));
            return;
        }
        Data auth = Data.of(new CheckedJson(packet.payload() == null ? "{}" : packet.payload()));
        NamespaceConnection connection = new NamespaceConnection(engine, this, session, namespace);
        connections.put(packet.namespace(), connection);
        HubServices services = namespace.hub().services();
        boolean mayBlock =
                engine.hubbub().admission().acceptsTokens() || namespace.hub().policiesMayBlock();
        if (!mayBlock || services.callersMayBlock()) {
            connect(connection, auth);
            return;
        }
        packets.hold();
        try {
            services.application().execute(() -> {
                try {
                    connect(connection, auth);
                } finally {
                    packets.release();
                }
            });
        } catch (RejectedExecutionException stopped) {
            packets.release();
            session.closeLater(CloseCode.RESTART, "The server is overloaded or restarting");
        }
    }

    /** Further packets wait until the client is connected. */
    private void connect(NamespaceConnection connection, Data auth) {
        CompletableFuture<Void> connecting = connection.connect(auth).toCompletableFuture();
        if (connecting.isDone()) {
            connecting.join();
            return;
        }
        packets.hold();
        connecting.whenComplete((connected, failure) -> {
            if (failure != null) {
                System.getLogger("dev.hubbub")
                        .log(System.Logger.Level.ERROR, "A Socket.IO client could not be connected", failure);
                session.close(CloseCode.INTERNAL, "The server failed");
            }
            packets.release();
        });
    }

    /** Connects the client of a namespace as a new one, because it may not return as the former one. May block. */
    void connectAgain(NamespaceConnection former, Data auth) {
        NamespaceConnection connection = new NamespaceConnection(engine, this, session, former.namespaceRuntime());
        if (connections.replace(former.namespace(), former, connection)) {
            connection.connect(auth);
        }
    }

    /** The client is no longer connected in its namespace. */
    void remove(NamespaceConnection connection) {
        connections.remove(connection.namespace(), connection);
        if (connections.isEmpty()) {
            engine.disconnected(session);
            session.heartbeat().awaitConnect();
        }
    }

    /** The session has ended. */
    void ended(Close close) {
        connections.values().forEach(connection -> connection.lost(close));
        connections.clear();
    }
}
