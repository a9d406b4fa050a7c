package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Member;
import dev.hubbub.Position;
import dev.hubbub.app.Admission;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.app.RejectedException;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.Secret;
import dev.hubbub.hub.Session;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.MalformedException;
import dev.hubbub.protocol.PositionTracker;
import dev.hubbub.protocol.PrintableFailure;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The connection of a client in one namespace of a session. */
final class NamespaceConnection implements Connection {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final Sent IGNORE = failure -> {};

    private final EngineSessions engine;
    private final SocketIoSession socketIo;
    private final EngineSession engineSession;
    private final NamespaceRuntime namespace;
    private final Function<Frame, EncodedPacket> encoder;

    private volatile LocalClient client;
    /** Null if clients cannot recover what they missed. */
    private volatile String secret;

    private volatile boolean returned;
    /** The rooms that a client had which returns, until it has joined them again. */
    private volatile Map<String, Member> roomsToRestore = Map.of();

    private final PositionTracker positions = new PositionTracker(false);
    /** Frames have been sent that are held back until the last one of a batch. Used only by the single writer of the outbox. */
    private boolean heldBack;

    // Guarded by this. The first frame waits until the handlers have accepted the client.
    private boolean accepted;
    private boolean firstReceived;
    private Runnable delayedFirst;

    NamespaceConnection(
            EngineSessions engine, SocketIoSession socketIo, EngineSession engineSession, NamespaceRuntime namespace) {
        this.engine = engine;
        this.socketIo = socketIo;
        this.engineSession = engineSession;
        this.namespace = namespace;
        this.encoder = frame -> EncodedPacket.of(frame, namespace.name());
    }

    String namespace() {
        return namespace.name();
    }

    NamespaceRuntime namespaceRuntime() {
        return namespace;
    }

    /**
     * Connects the client, with its former id and rooms if it proves that it is the former client. May block.
     *
     * @return completes when that is done: at once, unless a history is read
     */
    CompletionStage<Void> connect(Data auth) {
        // Handlers may read "auth", but must not see or log the secret in it.
        Handshake handshake = engineSession.handshake().withAuth(auth.without("pid", "offset"));
        Identity identity;
        try {
            identity = identity(auth, handshake.identity());
        } catch (RejectedException rejected) {
            reject(rejected);
            return CompletableFuture.completedFuture(null);
        }
        return FormerSession.take(namespace.hub(), auth, identity)
                .thenAccept(former -> connect(auth, handshake.withIdentity(identity), former));
    }

    /**
     * The identity by the token in {@code auth}; without a token, the identity with which the session was opened.
     *
     * @throws RejectedException if the token is invalid, clients must authenticate, or the user has too many connections
     */
    private Identity identity(Data auth, Identity sessionIdentity) {
        Admission admission = engine.hubbub().admission();
        String token = admission.acceptsTokens() ? string(auth, "token") : null;
        return admission.requireAllowedIdentity(
                token == null ? sessionIdentity : admission.verify(token),
                engineSession.handshake().remoteAddress(),
                engineSession.handshake().forwarded());
    }

    /** @param former null for a new client */
    private void connect(Data auth, Handshake handshake, FormerSession former) {
        LocalHub hub = namespace.hub();
        Session session = former == null ? null : former.session();
        Map<String, Long> seen = former == null ? Map.of() : former.reached();
        if (engine.hubbub().settings().logEvents() > 0) {
            secret = session == null ? Secret.next() : session.secret();
        }
        returned = session != null;
        seen.forEach((epoch, number) ->
                positions.add(new Position(epoch, number))); // it can return again before it is told more
        engine.connected(engineSession); // the session no longer counts as a connection: the client does
        LocalClient connected = hub.prepare(this, handshake, session == null ? hub.newId() : session.id());
        if (session != null) {
            connected.attributes().putAll(session.attributes());
            roomsToRestore = session.rooms();
        }
        client = connected;
        hub.admit(connected, secret == null ? null : seen);
        namespace.dispatcher().connected(connected, rejection -> {
            if (rejection != null) {
                reject(rejection);
            } else if (former == null || connected.isClosing()) {
                accepted();
            } else if (!connected.mailbox().add(() -> restore(former, auth), !former.policyMayBlock(hub))) {
                reject(new EventException(EventException.OVERLOADED, "The server has too much to do"));
            }
        });
        if (engineSession.isClosed()) { // it was closed meanwhile, before it knew this client
            lost(new Close(CloseCode.ABNORMAL, "The session has ended"));
        }
    }

    /** Restores the rooms of a client that the handlers have accepted, after it has joined the room of all clients. */
    private void restore(FormerSession former, Data auth) {
        LocalHub hub = namespace.hub();
        if (!former.mayBeRestored(hub, client)) {
            hub.left(client, new Close(CloseCode.NORMAL, "The client may not return to one of its rooms"));
            socketIo.connectAgain(this, auth.without("pid", "offset"));
            return;
        }
        former.restoreRooms(hub, client).whenComplete((nothing, failure) -> {
            roomsToRestore = Map.of();
            if (failure != null) {
                notRestored(failure);
            }
        });
        hub.recovery().keep(client);
        accepted();
    }

    /** The client has been told that it is recovered. It connects once more, as a new client. */
    private void notRestored(Throwable failure) {
        LOG.log(System.Logger.Level.DEBUG, "The rooms of a client could not be restored", PrintableFailure.of(failure));
        String reason = "Your rooms could not be restored";
        namespace.hub().left(client, new Close(CloseCode.TRY_AGAIN_LATER, reason));
        engineSession.close(CloseCode.TRY_AGAIN_LATER, reason);
    }

    /** A member of this name; null if there is none, or it is not a string. */
    static String string(Data object, String member) {
        try {
            return object.string(member);
        } catch (EventException anotherType) {
            return null;
        }
    }

    private void accepted() {
        Runnable delayed;
        synchronized (this) {
            accepted = true;
            delayed = delayedFirst;
            delayedFirst = null;
        }
        if (delayed != null) {
            delayed.run();
        }
    }

    private record Rejection(String message, Details data) {}

    private record Details(String code) {}

    private void reject(EventException rejection) {
        String payload = Json.write(new Rejection(rejection.getMessage(), new Details(rejection.code())));
        engineSession.send(EncodedPacket.packet(Packet.Type.CONNECT_ERROR, namespace(), payload));
        socketIo.remove(this);
        if (client != null) {
            namespace.hub().left(client, new Close(CloseCode.POLICY, rejection.getMessage()));
        }
    }

    @Override
    public String secret() {
        return secret;
    }

    @Override
    public boolean hasReturned() {
        return returned;
    }

    @Override
    public boolean mayReturn() {
        return secret != null;
    }

    @Override
    public boolean tellsPositions() {
        return true;
    }

    @Override
    public boolean restoresRooms() {
        return true;
    }

    @Override
    public Map<String, Member> roomsToRestore() {
        return roomsToRestore;
    }

    @Override
    public Map<String, Long> positions() {
        return positions.seen(null);
    }

    @Override
    public void leftRoom(String epoch) {
        positions.forget(epoch);
        namespace.hub().recovery().keep(client);
    }

    @Override
    public String transport() {
        return "socketio";
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        if (frame.position() != null && positions.add(frame.position())) {
            namespace.hub().recovery().keep(client); // it has joined a room, or a room has a new epoch
        }
        if (isFirst(more, sent)) {
            return;
        }
        EncodedPacket packet = frame.kind() == Frame.Kind.PING ? null : frame.converted(EncodedPacket.class, encoder);
        if (packet == null || !packet.isSendable()) {
            sendNothing(more, sent);
            return;
        }
        heldBack = more;
        List<Frame> frames = packet.frames(offset(frame.position(), packet));
        if (secret != null && packet.endsInString() && !packet.takesOffset()) {
            engineSession.transport().send(frames, true, IGNORE);
            String position = "[\"position\",\"" + positions + "\"]";
            frames = List.of(EncodedPacket.packet(Packet.Type.EVENT, namespace(), position));
        }
        engineSession.transport().send(frames, more, sent);
    }

    /** The offset for a packet; null if it needs none. */
    private String offset(Position position, EncodedPacket packet) {
        if (secret == null || (position == null && !packet.endsInString())) {
            return null;
        }
        String offset = positions.toString();
        return offset.isEmpty() && !packet.endsInString() ? null : offset;
    }

    /**
     * Whether this is the first frame, the event {@code connected}. Instead of it, the CONNECT packet is sent, once the handlers
     * have accepted the client.
     */
    private boolean isFirst(boolean more, Sent sent) {
        synchronized (this) {
            if (firstReceived) {
                return false;
            }
            firstReceived = true;
            if (!accepted) {
                delayedFirst = () -> sendConnect(more, sent);
                return true;
            }
        }
        sendConnect(more, sent);
        return true;
    }

    /**
     * Completes a frame for which no packet is sent: an event that Socket.IO clients cannot receive, or a ping, which the session
     * sends itself. The client counts as alive as long as its session is open.
     */
    private void sendNothing(boolean more, Sent sent) {
        if (client != null) {
            client.heard();
        }
        if (heldBack && !more) {
            heldBack = false;
            engineSession.transport().flush(sent);
        } else {
            sent.sent(null);
        }
    }

    private record Connected(String sid, String pid) {}

    private void sendConnect(boolean more, Sent sent) {
        heldBack = more;
        String pid = secret == null ? null : client.id() + "." + secret;
        String payload = Json.write(new Connected(client.id(), pid));
        engineSession
                .transport()
                .send(List.of(EncodedPacket.packet(Packet.Type.CONNECT, namespace(), payload)), more, sent);
    }

    /** @throws BadPacketException if the packet violates the protocol */
    void event(Packet packet, List<ByteBuffer> bytes) throws BadPacketException {
        String name = packet.eventName();
        String id = packet.hasTooLongId() ? null : packet.id();
        Event event = new Event(name, packet.data(), id, bytes);
        String problem = packet.hasTooLongId()
                ? "An id must have at most " + Packet.MAX_ID_DIGITS + " digits"
                : Protocol.isName(name) ? null : "An event's name must have 1 to " + Protocol.MAX_NAME + " characters";
        if (problem != null) {
            namespace.dispatcher().invalid(client, id, new MalformedException(problem, id));
        } else {
            namespace.dispatcher().namedEvent(client, event);
        }
    }

    /** The client acknowledges an event. */
    void acknowledged(Packet packet, List<ByteBuffer> bytes) throws BadPacketException {
        client.heard();
        client.answered(new Event(Protocol.ACK, packet.data(), packet.id(), bytes)); // ignored if nobody waits for it
    }

    /** The client has disconnected from the namespace and does not recover this connection. */
    void left() {
        namespace.hub().left(client, new Close(CloseCode.NORMAL, "client namespace disconnect"));
    }

    /**
     * The session has ended; the client may reconnect and recover. This is also so if the client has closed it: the library does
     * that when a request has failed. A client that leaves disconnects from the namespace first.
     */
    void lost(Close close) {
        LocalClient lost = client;
        if (lost != null) {
            boolean closed = close.code() == CloseCode.NORMAL;
            namespace.hub().disconnected(lost, closed ? new Close(CloseCode.GOING_AWAY, close.reason()) : close);
        }
    }

    @Override
    public void close(int code, String reason) {
        boolean mayReconnect =
                code == CloseCode.RESTART || code == CloseCode.TRY_AGAIN_LATER || code == CloseCode.GOING_AWAY;
        if (mayReconnect || code == CloseCode.ABNORMAL) {
            engineSession.close(code, reason);
        } else {
            socketIo.remove(this);
            engineSession.send(EncodedPacket.packet(Packet.Type.DISCONNECT, namespace(), ""));
        }
    }
}
