package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.app.Admission;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A client: who is connected in one namespace of a session. */
final class NamespaceConnection implements Connection {
    private static final Sent NOBODY = failure -> {};

    private final EngineSessions engine;
    private final SocketIoSession conversation;
    private final EngineSession session;
    private final Hubbub.NamespaceRuntime space;
    private final Function<Frame, EncodedPacket> form;

    private volatile LocalClient client;
    /** By which the client can come back; null if nothing is remembered for those who do. */
    private String pid;

    private final Offsets offsets = new Offsets();
    /** Frames that were sent wait for one after which nothing follows. Only the outbox's one writer comes here. */
    private boolean heldBack;

    // Guarded by this: the first frame waits until the handlers have welcomed the client.
    private boolean welcome;
    private boolean begun;
    private Runnable first;

    NamespaceConnection(
            EngineSessions engine, SocketIoSession conversation, EngineSession session, Hubbub.NamespaceRuntime space) {
        this.engine = engine;
        this.conversation = conversation;
        this.session = session;
        this.space = space;
        this.form = frame -> EncodedPacket.of(frame, space.name());
    }

    String namespace() {
        return space.name();
    }

    /** Connects, or comes back if the client says so and can show it. */
    void begin(Data auth) {
        Handshake handshake = session.handshake().withAuth(engine.comebacks().withoutSecrets(auth));
        try {
            begin(auth, handshake.withIdentity(identity(auth, handshake.identity())));
        } catch (RejectedException refused) {
            refuse(refused);
        }
    }

    /**
     * The token counts before what the session was opened with.
     *
     * @throws RejectedException if it is not good, or nobody is without one
     */
    private Identity identity(Data auth, Identity ofSession) {
        Admission admission = engine.hubbub().admission();
        String token = admission.takesTokens() ? Comebacks.string(auth, "token") : null;
        return admission.known(
                token == null ? ofSession : admission.verify(token),
                session.handshake().remoteAddress());
    }

    private void begin(Data auth, Handshake handshake) {
        Comebacks comebacks = engine.comebacks();
        Comebacks.Former former = comebacks.take(space, handshake.identity(), auth);
        pid = former != null ? former.pid() : comebacks.newPid();
        String id = former != null ? former.id() : space.hub().newId();
        Map<String, Long> seen = former != null ? former.seen() : Map.of();
        LocalClient connected = space.hub().connect(this, handshake, id, pid == null ? null : seen);
        client = connected;
        if (former != null) {
            connected.attributes().putAll(former.attributes());
            comeBack(connected, former);
        }
        if (pid != null) {
            comebacks.present(pid, this);
        }
        space.dispatcher().connected(connected, this::welcomed);
        if (session.isClosed()) {
            lost(new Close(
                    CloseCode.ABNORMAL, "The session has ended")); // meanwhile, and without knowing of this client
        }
    }

    private void comeBack(LocalClient connected, Comebacks.Former former) {
        try {
            former.rooms().forEach((room, nick) -> space.hub().joinAgain(connected, room, nick, former.seen()));
        } catch (EventException gone) {
            System.getLogger("dev.hubbub").log(System.Logger.Level.DEBUG, "Coming back", gone);
        }
    }

    private void welcomed(EventException refusal) {
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        Runnable begins;
        synchronized (this) {
            welcome = true;
            begins = first;
            first = null;
        }
        if (begins != null) {
            begins.run();
        }
    }

    private record Refusal(String message, Details data) {}

    private record Details(String code) {}

    private void refuse(EventException refusal) {
        String payload = Json.write(new Refusal(refusal.getMessage(), new Details(refusal.code())));
        session.send(EncodedPacket.packet(Packet.Type.CONNECT_ERROR, namespace(), payload));
        engine.comebacks().forget(pid);
        conversation.remove(this);
        if (client != null) {
            space.hub().disconnected(client, new Close(CloseCode.POLICY, refusal.getMessage()));
        }
    }

    @Override
    public boolean mayReturn() {
        return pid != null;
    }

    @Override
    public boolean tellsPositions() {
        return true;
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        if (frame.position() != null) {
            offsets.add(frame.position());
        }
        if (isFirst(more, sent)) {
            return;
        }
        EncodedPacket packet = frame.kind() == Frame.Kind.PING ? null : frame.form(EncodedPacket.class, form);
        if (packet == null || !packet.isSendable()) {
            sendNothing(more, sent);
            return;
        }
        heldBack = more;
        List<Frame> frames = packet.frames(offset(frame.position(), packet));
        if (pid != null && packet.endsInString() && !packet.takesOffset()) {
            session.send(frames, true, NOBODY);
            String position = "[\"position\",\"" + offsets + "\"]";
            frames = List.of(EncodedPacket.packet(Packet.Type.EVENT, namespace(), position));
        }
        session.send(frames, more, sent);
    }

    /** Null if the client has no use for it. */
    private String offset(Position position, EncodedPacket packet) {
        if (pid == null || (position == null && !packet.endsInString())) {
            return null;
        }
        String offset = offsets.toString();
        return offset.isEmpty() && !packet.endsInString() ? null : offset;
    }

    /** The first says that the client is connected, once the handlers have welcomed it. */
    private boolean isFirst(boolean more, Sent sent) {
        synchronized (this) {
            if (begun) {
                return false;
            }
            begun = true;
            if (!welcome) {
                first = () -> sendConnect(more, sent);
                return true;
            }
        }
        sendConnect(more, sent);
        return true;
    }

    /** The heartbeat is that of the session: as long as it lives, so do all that are connected in it. */
    private void sendNothing(boolean more, Sent sent) {
        if (client != null) {
            client.heard();
        }
        if (heldBack && !more) {
            heldBack = false;
            session.flush(sent);
        } else {
            sent.sent(null);
        }
    }

    private record Connected(String sid, String pid) {}

    private void sendConnect(boolean more, Sent sent) {
        heldBack = more;
        String payload = Json.write(new Connected(client.id(), pid));
        session.send(List.of(EncodedPacket.packet(Packet.Type.CONNECT, namespace(), payload)), more, sent);
    }

    /** @param event null if no handler can have such a one */
    void event(Event event, Packet packet) {
        if (event == null) {
            space.dispatcher().refuse(client, packet.id(), SocketIoSession.malformed(packet));
        } else {
            space.dispatcher().event(client, event);
        }
    }

    void answered(Event answer) {
        client.heard();
        client.answered(answer);
    }

    /** The client has left the namespace, and will not come back to what it was. */
    void left() {
        engine.comebacks().forget(pid);
        space.hub().left(client, new Close(CloseCode.NORMAL, "client namespace disconnect"));
    }

    /** The session has ended under it. */
    void lost(Close close) {
        LocalClient gone = client;
        if (gone != null) {
            space.hub().disconnected(gone, close);
            if (pid != null) {
                engine.comebacks().keep(pid, former(gone));
            }
        }
    }

    private Comebacks.Former former(LocalClient gone) {
        return new Comebacks.Former(
                pid,
                gone.id(),
                space,
                gone.identity().name(),
                gone.nicks(),
                offsets,
                Map.of(),
                Map.copyOf(gone.attributes()));
    }

    /** The client is back on another session, though this one has not ended yet. */
    void supersede() {
        Close close = new Close(CloseCode.GOING_AWAY, "The client has come back");
        session.close(close.code(), close.reason());
        lost(close); // also if another thread is just ending the session, and has not come to this yet
    }

    @Override
    public void close(int code, String reason) {
        boolean comesAgain =
                code == CloseCode.RESTART || code == CloseCode.TRY_AGAIN_LATER || code == CloseCode.GOING_AWAY;
        if (comesAgain || code == CloseCode.ABNORMAL) {
            session.close(code, reason);
        } else {
            engine.comebacks().forget(pid);
            conversation.remove(this);
            session.send(EncodedPacket.packet(Packet.Type.DISCONNECT, namespace(), ""));
        }
    }
}
