package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.HubServices;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One Engine.IO session (protocol 4): receives the packets of one client, and sends packets to it by its {@link
 * EngineTransport}.
 */
final class EngineSession {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final String CLOSE = "1";
    private static final String NOOP = "6";

    /** Far more than there are for a client that reads what it receives. */
    private static final int MAX_WAITING_REPLIES = 256;

    private final EngineSessions engine;
    private final HubServices services;
    private final String sid;
    private final Handshake handshake;
    private final EngineTransport transport;
    private final SocketIoSession socketIo;
    private final EngineHeartbeat heartbeat;

    /** Limits the packets that come from no outbox: replies to packets of the client. */
    private final Semaphore replies = new Semaphore(MAX_WAITING_REPLIES);

    /** Held while the packets of a request or a message are handled: one at a time, in the order of their arrival. */
    final ReentrantLock receiving = new ReentrantLock();

    EngineSession(EngineSessions engine, String sid, Handshake handshake) {
        this.engine = engine;
        this.services = engine.hubbub().hub().services();
        this.sid = sid;
        this.handshake = handshake;
        this.transport =
                new EngineTransport(this, services, engine.hubbub().settings().outboxBytes());
        this.socketIo = new SocketIoSession(engine, this);
        this.heartbeat = new EngineHeartbeat(engine, this);
    }

    /** Whether a client is connected in one of the namespaces. */
    boolean isConnected() {
        return socketIo.isConnected();
    }

    String sid() {
        return sid;
    }

    Handshake handshake() {
        return handshake;
    }

    EngineHeartbeat heartbeat() {
        return heartbeat;
    }

    EngineTransport transport() {
        return transport;
    }

    boolean isClosed() {
        return transport.isClosed();
    }

    /** Opens the session on a WebSocket. */
    void open(Connection webSocket) {
        transport.open(webSocket);
        send(Frame.text(engine.handshake(this, false)));
    }

    /** Sends a packet that comes from no outbox. A client that causes many of them without reading them is closed. */
    void send(Frame packet) {
        if (replies.tryAcquire()) {
            transport.send(List.of(packet), false, failure -> replies.release());
        } else {
            closeLater(CloseCode.TRY_AGAIN_LATER, "Too many replies wait for the client");
        }
    }

    /** Handles a text packet. */
    void receive(String packet) throws BadPacketException {
        switch (packet.isEmpty() ? 0 : packet.charAt(0)) {
            case '4' -> socketIo.text(packet.substring(1));
            case '3' -> heartbeat.pong();
            case '1' -> close(CloseCode.NORMAL, "The client closed the connection", NOOP);
            case '6' -> {}
            default -> throw new BadPacketException("Unknown type of Engine.IO packet");
        }
    }

    /** Handles a binary packet. */
    void receive(ByteBuffer bytes) throws BadPacketException {
        socketIo.binary(bytes);
    }

    /** As {@link #close(int, String)}, for threads that must not be blocked. */
    void closeLater(int code, String reason) {
        services.closers().execute(() -> close(code, reason));
    }

    /** Ends the session and disconnects all clients in it. May block. Further calls do nothing. */
    void close(int code, String reason) {
        close(code, reason, CLOSE);
    }

    /** @param packet the response to a waiting poll: close, or noop if the client has closed the session */
    private void close(int code, String reason, String packet) {
        EngineTransport.Remainder remainder = transport.end();
        if (remainder == null) {
            return;
        }
        heartbeat.stop();
        engine.ended(this);
        LOG.log(
                System.Logger.Level.DEBUG,
                "Session of {0} ended: {1} {2}",
                handshake.remoteAddress(),
                code,
                Protocol.printable(reason));
        remainder.close(code, reason, packet);
        socketIo.ended(new Close(code, reason));
        remainder.failUnsent();
    }
}
