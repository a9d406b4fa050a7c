package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.app.Hubbub;
import dev.hubbub.protocol.MalformedException;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is said on one Engine.IO session: who is connected in which namespace, and packets put together with their attachments. */
final class SocketIoSession {
    private static final String INVALID_NAMESPACE = "{\"message\":\"Invalid namespace\"}";

    private final EngineSessions engine;
    private final EngineSession session;
    private final Map<String, NamespaceConnection> connections = new ConcurrentHashMap<>(2);

    // Only the thread that receives comes here.
    private Packet incomplete;
    private final List<ByteBuffer> attachments = new ArrayList<>(1);

    SocketIoSession(EngineSessions engine, EngineSession session) {
        this.engine = engine;
        this.session = session;
    }

    boolean isConnected() {
        return !connections.isEmpty();
    }

    /** Takes in a message of text. */
    void text(String message) throws BadPacketException {
        if (incomplete != null) {
            throw new BadPacketException("An attachment was expected");
        }
        Packet packet = Packet.parse(message, engine.hubbub().settings().maxAttachments());
        if (packet.attachments() > 0) {
            incomplete = packet;
        } else {
            receive(packet, List.of());
        }
    }

    /** Takes in a binary message, which is an attachment of the packet before. */
    void binary(ByteBuffer bytes) throws BadPacketException {
        if (incomplete == null) {
            throw new BadPacketException("Bytes that belong to no packet");
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
        NamespaceConnection connection = connections.get(packet.namespace());
        if (packet.type() == Packet.Type.CONNECT && connection == null) {
            connect(packet);
            return;
        }
        if (connection == null || packet.type() == Packet.Type.CONNECT) {
            throw new BadPacketException("Not a packet for this namespace now");
        }
        if (packet.type() == Packet.Type.DISCONNECT) {
            remove(connection);
            connection.left();
        } else if (packet.type().isEvent()) {
            connection.event(event(packet, bytes), packet);
        } else {
            connection.answered(new Event(Protocol.ACK, packet.data(), packet.id(), bytes));
        }
    }

    /** Null if it is none that a handler could have; that is not against the protocol of Socket.IO. */
    private static Event event(Packet packet, List<ByteBuffer> bytes) throws BadPacketException {
        String name = packet.eventName();
        Data data = packet.data();
        return Protocol.isName(name) ? new Event(name, data, packet.id(), bytes) : null;
    }

    private void connect(Packet packet) {
        Hubbub.NamespaceRuntime space = engine.hubbub().space(packet.namespace());
        if (space == null) {
            session.send(EncodedPacket.packet(Packet.Type.CONNECT_ERROR, packet.namespace(), INVALID_NAMESPACE));
            return;
        }
        Data auth = packet.payload() == null ? Data.trusted("{}") : Data.trusted(packet.payload());
        NamespaceConnection connection = new NamespaceConnection(engine, this, session, space);
        connections.put(packet.namespace(), connection);
        engine.connected(session);
        connection.begin(auth);
    }

    /** Somebody has left a namespace. */
    void remove(NamespaceConnection connection) {
        connections.remove(connection.namespace(), connection);
        if (connections.isEmpty()) {
            session.pulse().awaitConnect();
        }
    }

    void ended(Close close) {
        connections.values().forEach(connection -> connection.lost(close));
        connections.clear();
    }

    static MalformedException malformed(Packet packet) {
        return new MalformedException(
                "An event's name must have 1 to " + Protocol.MAX_NAME + " characters", packet.id());
    }
}
