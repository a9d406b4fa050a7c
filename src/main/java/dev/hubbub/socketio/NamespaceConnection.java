package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
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
import dev.hubbub.protocol.Positions;
import dev.hubbub.protocol.PrintableFailure;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The connection of a client in one namespace of a session. */
final class NamespaceConnection implements Connection {
    private static final Sent IGNORE = failure -> {};

    private final EngineSessions engine;
    private final SocketIoSession socketIo;
    private final EngineSession session;
    private final NamespaceRuntime namespace;
    private final Function<Frame, EncodedPacket> encoder;

    private volatile LocalClient client;
    /** Null if clients cannot recover what they missed. */
    private volatile String secret;

    private volatile boolean returned;

    private final PositionTracker positions = new PositionTracker(false);
    /** Frames have been sent that are held back until the last one of a batch. Used only by the single writer of the outbox. */
    private boolean heldBack;

    // Guarded by this. The first frame waits until the handlers have accepted the client.
    private boolean accepted;
    private boolean firstReceived;
    private Runnable delayedFirst;

    NamespaceConnection(
            EngineSessions engine, SocketIoSession socketIo, EngineSession session, NamespaceRuntime namespace) {
        this.engine = engine;
        this.socketIo = socketIo;
        this.session = session;
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
        Handshake handshake = session.handshake().withAuth(auth.without("pid", "offset"));
        Identity identity;
        try {
            identity = identity(auth, handshake.identity());
        } catch (RejectedException rejected) {
            reject(rejected);
            return CompletableFuture.completedFuture(null);
        }
        return former(auth, identity)
                .thenAccept(former -> connect(
                        auth,
                        handshake.withIdentity(identity),
                        former == null ? null : former.session(),
                        former == null ? new HashMap<>() : former.reached()));
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
                session.handshake().remoteAddress(),
                session.handshake().forwarded());
    }

    /** @param seen the positions that the client has reached, by epoch */
    private void connect(Data auth, Handshake handshake, Session former, Map<String, Long> seen) {
        LocalHub hub = namespace.hub();
        if (engine.hubbub().settings().logEvents() > 0) {
            secret = former == null ? Secret.next() : former.secret();
        }
        returned = former != null;
        seen.forEach((epoch, number) ->
                positions.add(new Position(epoch, number))); // it can return again before it is told more
        engine.connected(session); // the session no longer counts as a connection: the client does
        LocalClient connected = hub.prepare(this, handshake, former == null ? hub.newId() : former.id());
        if (former != null) {
            connected.attributes().putAll(former.attributes());
        }
        client = connected;
        hub.admit(connected, secret == null ? null : seen);
        namespace.dispatcher().connected(connected, rejection -> {
            if (rejection != null) {
                reject(rejection);
            } else if (former == null || connected.isClosing()) {
                accepted();
            } else if (mayReturn(connected, former)) {
                restoreRooms(connected, former, seen);
                hub.recovery().keep(connected);
                accepted();
            } else {
                hub.left(connected, new Close(CloseCode.NORMAL, "The client may not return to one of its rooms"));
                socketIo.connectAgain(this, auth.without("pid", "offset"));
            }
        });
        if (session.isClosed()) { // it was closed meanwhile, before it knew this client
            lost(new Close(CloseCode.ABNORMAL, "The session has ended"));
        }
    }

    /**
     * A session that a client may continue.
     *
     * @param reached the positions that the client has reached, by epoch
     */
    private record Former(Session session, Map<String, Long> reached) {}

    /**
     * The former session of a client that reconnects, by {@code pid} and {@code offset} in {@code auth}.
     *
     * @return completes with null if the client is new, or some of the events that it missed are unavailable
     */
    private CompletionStage<Former> former(Data auth, Identity identity) {
        String pid = string(auth, "pid");
        LocalHub hub = namespace.hub();
        return pid == null
                ? CompletableFuture.completedFuture(null)
                : hub.recovery()
                        .takeAnywhere(pid, identity.name())
                        .thenCompose(former ->
                                former == null ? CompletableFuture.completedFuture(null) : complete(former, auth));
    }

    /** @return completes with null if some of the events that it has missed are unavailable */
    private CompletionStage<Former> complete(Session former, Data auth) {
        LocalHub hub = namespace.hub();
        Map<String, Long> reached = new HashMap<>(former.positions());
        Positions.parse(string(auth, "offset"))
                .forEach((epoch, number) -> reached.computeIfPresent(epoch, (key, initial) -> number));
        return hub.recovery()
                .remembers(former.rooms().keySet(), reached)
                .exceptionally(unavailable -> false)
                .thenApply(all -> all ? new Former(former, reached) : null);
    }

    /** Asks the policies about the client when the handlers have accepted it, as when it joins. */
    private boolean mayReturn(LocalClient connected, Session former) {
        return former.rooms().keySet().stream()
                .allMatch(room -> namespace.hub().permissions(room).mayStay(connected));
    }

    private void restoreRooms(LocalClient connected, Session former, Map<String, Long> seen) {
        try {
            former.rooms().forEach((room, member) -> namespace.hub().recovery().rejoin(connected, room, member, seen));
        } catch (EventException disconnected) {
            System.getLogger("dev.hubbub")
                    .log(
                            System.Logger.Level.DEBUG,
                            "The rooms of a client could not be restored",
                            PrintableFailure.of(disconnected));
        }
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
        session.send(EncodedPacket.packet(Packet.Type.CONNECT_ERROR, namespace(), payload));
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
            session.transport().send(frames, true, IGNORE);
            String position = "[\"position\",\"" + positions + "\"]";
            frames = List.of(EncodedPacket.packet(Packet.Type.EVENT, namespace(), position));
        }
        session.transport().send(frames, more, sent);
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
            session.transport().flush(sent);
        } else {
            sent.sent(null);
        }
    }

    private record Connected(String sid, String pid) {}

    private void sendConnect(boolean more, Sent sent) {
        heldBack = more;
        String pid = secret == null ? null : client.id() + "." + secret;
        String payload = Json.write(new Connected(client.id(), pid));
        session.transport().send(List.of(EncodedPacket.packet(Packet.Type.CONNECT, namespace(), payload)), more, sent);
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
            session.close(code, reason);
        } else {
            socketIo.remove(this);
            session.send(EncodedPacket.packet(Packet.Type.DISCONNECT, namespace(), ""));
        }
    }
}
