package dev.hubbub.socketio;

import dev.hubbub.http.Responder;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.SendLoop;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sends the packets of one session: by polling, by a WebSocket, or first by polling and after an upgrade by a WebSocket.
 *
 * <p>Packets wait here only for their turn: the outbox of each namespace adds its next packet when the previous one has been
 * sent. A packet may consist of several frames, which stay together.
 */
final class EngineTransport {
    private static final Frame NOOP = Frame.text("6");
    private final EngineSession session;
    private final long maxResponse;
    private final SocketLoop loop = new SocketLoop();
    // Guarded by this.
    private final Deque<OutgoingPacket> waiting = new ArrayDeque<>(2);
    private final EngineUpgrade upgrade;
    /** Null while the client polls. */
    private Connection socket;
    /** The request that waits for packets; null if there is none. */
    private Responder poll;
    /** A request with packets of the client is in progress. */
    private boolean posting;

    private boolean writing;
    private boolean closed;

    /** @param maxResponse the response to a poll is filled up to this many bytes */
    EngineTransport(EngineSession session, HubServices services, long maxResponse) {
        this.session = session;
        this.maxResponse = maxResponse;
        this.upgrade = new EngineUpgrade(this, services);
    }

    synchronized boolean isPolling() {
        return socket == null;
    }

    /** The number of packets that wait for their turn. */
    synchronized int waiting() {
        return waiting.size();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Sends by this WebSocket from the start. */
    synchronized void open(Connection webSocket) {
        socket = webSocket;
    }

    /**
     * Sends a packet when it is its turn.
     *
     * @param more as for {@link Connection#send}
     */
    void send(List<Frame> frames, boolean more, Connection.Sent sent) {
        boolean ended;
        boolean buffered;
        synchronized (this) {
            ended = closed;
            buffered = !ended && more && socket == null; // the packets that follow belong into the same response
            if (!ended) {
                waiting.add(new OutgoingPacket(frames, more, buffered ? null : sent));
            }
        }
        if (ended) {
            sent.sent(sessionEnded());
        } else if (buffered) {
            sent.sent(null);
        } else {
            sendWaiting();
        }
    }

    /** Sends the packets that were held back because more were to follow. */
    void flush(Connection.Sent sent) {
        send(List.of(NOOP), false, sent);
    }

    private void sendWaiting() {
        Responder response;
        List<OutgoingPacket> packets;
        synchronized (this) {
            if (closed || writing || waiting.isEmpty()) {
                return;
            }
            if (socket != null) {
                writing = true;
                response = null;
                packets = null;
            } else if (poll == null || waiting.peekLast().more) {
                return;
            } else {
                response = poll;
                poll = null;
                writing = response.isRemote(); // if it is lost on its way, nothing that follows may be received
                packets = new ArrayList<>(waiting);
                waiting.clear();
            }
        }
        if (response == null) {
            loop.run();
        } else {
            respond(response, packets);
        }
    }

    private void respond(Responder response, List<OutgoingPacket> packets) {
        String payload = Payload.of(packets.stream().flatMap(packet -> packet.frames.stream()));
        response.respond(200, payload.getBytes(StandardCharsets.UTF_8), failure -> {
            packets.forEach(packet -> packet.completed(failure));
            if (failure != null) {
                session.closeLater(CloseCode.ABNORMAL, "The response to a poll could not be sent");
            } else if (response.isRemote()) {
                written();
            }
        });
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        sendWaiting();
    }

    /** Writes to the WebSocket, one frame after another. */
    private final class SocketLoop extends SendLoop {
        @Override
        protected boolean sendNext() {
            Frame frame;
            boolean more;
            Connection to;
            synchronized (EngineTransport.this) {
                OutgoingPacket first = waiting.peek();
                writing = first != null && !closed;
                if (!writing) {
                    return false;
                }
                to = socket;
                frame = first.frames.get(first.next);
                more = first.next < first.frames.size() - 1 || first.more || waiting.size() > 1;
            }
            to.send(frame, more, this);
            return true;
        }

        /** Notifies the sender when all frames of its packet have been sent. */
        @Override
        protected boolean continues(Throwable failure) {
            OutgoingPacket packet;
            synchronized (EngineTransport.this) {
                packet = waiting.peek();
                if (packet == null) {
                    return false; // the session was closed meanwhile
                }
                if (failure == null && ++packet.next < packet.frames.size()) {
                    return true;
                }
                waiting.remove();
            }
            packet.completed(failure);
            if (failure != null) {
                session.closeLater(CloseCode.ABNORMAL, "The socket failed: " + failure);
            }
            return failure == null;
        }
    }

    /**
     * A request waits for packets.
     *
     * @return null, or why the request must be rejected; if another one is waiting, the session is closed, unless that one has
     *     reached another node: a proxy repeats a request whose node has died
     */
    EngineError poll(Responder output) {
        completeWaiting();
        boolean second;
        Responder former = null;
        synchronized (this) {
            if (closed) {
                return EngineError.UNKNOWN_SID;
            }
            if (socket != null) {
                return EngineError.BAD_REQUEST;
            }
            second = poll != null && !poll.isRemote();
            if (!second) {
                former = poll;
                poll = output;
                if (upgrade.isProbed()) {
                    upgrade.scheduleRelease(output);
                }
            }
        }
        if (second) {
            session.closeLater(CloseCode.POLICY, "The client has sent two polls at once");
            return EngineError.BAD_REQUEST;
        }
        if (former != null) {
            reject(former, EngineError.BAD_REQUEST);
        }
        sendWaiting();
        return null;
    }

    /**
     * Completes the packets that wait for a poll, which has arrived: each outbox then adds what waits behind them, and all of it
     * is in the same response.
     */
    private void completeWaiting() {
        List<Connection.Sent> completed = new ArrayList<>();
        do {
            completed.forEach(sent -> sent.sent(null));
            completed.clear();
            synchronized (this) {
                long bytes = 0;
                for (OutgoingPacket packet : waiting) {
                    bytes += packet.size();
                }
                if (!closed && socket == null && poll == null && bytes < maxResponse) {
                    waiting.stream()
                            .filter(OutgoingPacket::isPending)
                            .map(OutgoingPacket::takeSent)
                            .forEach(completed::add);
                }
            }
        } while (!completed.isEmpty());
    }

    /** Responds to a poll whose client waits for the response to complete its upgrade, unless packets are on their way to it. */
    void release(Responder output) {
        synchronized (this) {
            if (poll != output || !waiting.isEmpty()) {
                return;
            }
            waiting.add(new OutgoingPacket(List.of(NOOP), false, null));
        }
        sendWaiting();
    }

    /** The response to a poll has ended. If nobody has responded, the client has disconnected. */
    void pollEnded(Responder output) {
        synchronized (this) {
            if (poll != output) {
                return;
            }
            poll = null;
        }
        session.close(CloseCode.ABNORMAL, "The client has disconnected during a poll");
    }

    /**
     * A request with packets of the client begins.
     *
     * @return null, or why the request must be rejected; if another one is in progress, the session is closed
     */
    EngineError beginPost() {
        synchronized (this) {
            if (closed) {
                return EngineError.UNKNOWN_SID;
            }
            if (socket != null) {
                return EngineError.BAD_REQUEST;
            }
            if (!posting) {
                posting = true;
                return null;
            }
        }
        session.close(CloseCode.POLICY, "The client has sent two requests at once");
        return EngineError.BAD_REQUEST;
    }

    synchronized void endPost() {
        posting = false;
    }

    /**
     * A WebSocket is opened for the session, to replace polling.
     *
     * @return false if the session has ended, or has or is about to get another WebSocket
     */
    boolean beginUpgrade(Connection webSocket) {
        synchronized (this) {
            if (closed || socket != null || !upgrade.begin(webSocket)) {
                return false;
            }
        }
        upgrade.endAfterTimeout(webSocket);
        return true;
    }

    /** The client has probed the WebSocket. The waiting poll is going to be answered, so that the client can upgrade. */
    void probed() {
        Responder pending;
        synchronized (this) {
            upgrade.probed();
            pending = poll;
        }
        if (pending != null) {
            upgrade.scheduleRelease(pending);
        }
    }

    /**
     * Sends by the WebSocket from now on, the waiting packets first.
     *
     * @return false if the session has ended, or this WebSocket is not the one of the upgrade
     */
    boolean upgrade(Connection webSocket) {
        Responder pending;
        synchronized (this) {
            if (closed || !upgrade.end(webSocket)) {
                return false;
            }
            socket = webSocket;
            pending = poll;
            poll = null;
        }
        if (pending != null) {
            // A client that follows the protocol waits for the end of its poll before it upgrades.
            reject(pending, EngineError.BAD_REQUEST);
        }
        sendWaiting();
        return true;
    }

    /** @return false if this WebSocket is not the one of the upgrade */
    synchronized boolean endUpgrade(Connection webSocket) {
        return upgrade.end(webSocket);
    }

    static void reject(Responder output, EngineError error) {
        output.respond(400, error.json().getBytes(StandardCharsets.US_ASCII), null);
    }

    /**
     * Ends sending.
     *
     * @return what was open; null if sending had ended before
     */
    synchronized Remainder end() {
        if (closed) {
            return null;
        }
        closed = true;
        Remainder remainder = new Remainder(new ArrayList<>(waiting), poll, socket, upgrade.probe());
        waiting.clear();
        poll = null;
        return remainder;
    }

    /**
     * What was open when the session ended.
     *
     * @param unsent the packets that waited for their turn
     * @param poll null if no poll was waiting
     * @param socket null if the client polled
     * @param probe the WebSocket of an upgrade in progress; null if there was none
     */
    record Remainder(List<OutgoingPacket> unsent, Responder poll, Connection socket, Connection probe) {
        /** @param packet the response to a waiting poll */
        void close(int code, String reason, String packet) {
            if (poll != null) {
                poll.respond(200, packet.getBytes(StandardCharsets.US_ASCII), null);
            }
            if (socket != null) {
                socket.close(code, reason);
            }
            if (probe != null) {
                probe.close(code, reason);
            }
        }

        /** Notifies the senders of the packets that were not sent. */
        void failUnsent() {
            IOException ended = sessionEnded();
            unsent.forEach(packet -> packet.completed(ended));
        }
    }

    private static IOException sessionEnded() {
        return new IOException("The session has ended");
    }
}
