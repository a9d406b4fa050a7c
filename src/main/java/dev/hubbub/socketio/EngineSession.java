package dev.hubbub.socketio;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.http.Output;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.SendLoop;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One Engine.IO session (protocol 4): packets to and from one client, by polling, by a WebSocket, or first by the one and then
 * by the other.
 *
 * <p>What is to be sent waits here only for its turn: each namespace's outbox gives the next packet when the last has gone. A
 * packet may be several frames, which stay together.
 */
final class EngineSession {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final Frame NOOP = Frame.text("6");
    private static final Connection.Sent NOBODY = failure -> {};

    /** From the answer to a probe to the end of the poll that waits; as the reference has it. */
    private static final Duration PROBED_PAUSE = Duration.ofMillis(100);

    /** A client that has been told to upgrade is awaited for so long. */
    private static final Duration UPGRADE_PATIENCE = Duration.ofSeconds(10);

    private final EngineSessions engine;
    private final LocalHub hub;
    private final String sid;
    private final Handshake handshake;
    private final SocketIoSession conversation;
    private final EngineHeartbeat pulse;
    private final SocketLoop loop = new SocketLoop();

    /** One request or message at a time, as they came. */
    final ReentrantLock receiving = new ReentrantLock();

    // Guarded by this.
    private final Deque<Outgoing> waiting = new ArrayDeque<>(2);
    /** Null while the client polls. */
    private Connection socket;

    /** Wants to become the socket. */
    private Connection probe;

    private boolean probed;
    private Output poll;
    private boolean posting;
    private boolean writing;
    private boolean closed;

    private static final class Outgoing {
        final List<Frame> frames;
        final boolean more;
        final Connection.Sent sent;
        int next;

        Outgoing(List<Frame> frames, boolean more, Connection.Sent sent) {
            this.frames = frames;
            this.more = more;
            this.sent = sent;
        }
    }

    EngineSession(EngineSessions engine, String sid, Handshake handshake) {
        this.engine = engine;
        this.hub = engine.hubbub().hub();
        this.sid = sid;
        this.handshake = handshake;
        this.conversation = new SocketIoSession(engine, this);
        this.pulse = new EngineHeartbeat(engine, this);
    }

    boolean isConnected() {
        return conversation.isConnected();
    }

    String sid() {
        return sid;
    }

    Handshake handshake() {
        return handshake;
    }

    synchronized boolean isPolling() {
        return socket == null;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Sends a packet when it is its turn.
     *
     * @param more as for {@link Connection#send}
     */
    void send(List<Frame> frames, boolean more, Connection.Sent sent) {
        boolean ended;
        boolean taken;
        synchronized (this) {
            ended = closed;
            taken = !ended && more && socket == null; // what follows belongs into the same answer
            if (!ended) {
                waiting.add(new Outgoing(frames, more, taken ? NOBODY : sent));
            }
        }
        if (ended) {
            sent.sent(new IOException("The session has ended"));
        } else if (taken) {
            sent.sent(null);
        } else {
            go();
        }
    }

    /** As {@link #send(List, boolean, Connection.Sent)} for one that nobody waits for. */
    void send(Frame packet) {
        send(List.of(packet), false, NOBODY);
    }

    /** Lets go out what was held back because more was to follow. */
    void flush(Connection.Sent sent) {
        send(List.of(NOOP), false, sent);
    }

    private void go() {
        Output answered;
        List<Outgoing> packets;
        synchronized (this) {
            if (closed || writing || waiting.isEmpty()) {
                return;
            }
            if (socket != null) {
                writing = true;
                answered = null;
                packets = null;
            } else if (poll == null || waiting.peekLast().more) {
                return;
            } else {
                answered = poll;
                poll = null;
                packets = new ArrayList<>(waiting);
                waiting.clear();
            }
        }
        if (answered == null) {
            loop.run();
        } else {
            answer(answered, packets);
        }
    }

    private void answer(Output output, List<Outgoing> packets) {
        String payload = Payload.of(packets.stream().flatMap(packet -> packet.frames.stream()));
        output.answer(payload.getBytes(StandardCharsets.UTF_8), problem -> {
            packets.forEach(packet -> packet.sent.sent(problem));
            if (problem != null) {
                closeAside(CloseCode.ABNORMAL, "The answer could not be sent");
            }
        });
    }

    /** Writes to the WebSocket, one frame after another. */
    private final class SocketLoop extends SendLoop {
        @Override
        protected boolean sendNext() {
            Frame frame;
            boolean more;
            Connection to;
            synchronized (EngineSession.this) {
                Outgoing first = waiting.peek();
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

        /** Tells the sender if its packet has gone. */
        @Override
        protected boolean goesOn(Throwable problem) {
            Outgoing gone;
            synchronized (EngineSession.this) {
                gone = waiting.peek();
                if (gone == null) {
                    return false; // closed meanwhile
                }
                if (problem == null && ++gone.next < gone.frames.size()) {
                    return true;
                }
                waiting.remove();
            }
            gone.sent.sent(problem);
            if (problem != null) {
                closeAside(CloseCode.ABNORMAL, "The socket failed: " + problem);
            }
            return problem == null;
        }
    }

    /**
     * A request that waits for packets.
     *
     * @return null, or why it must not: if another waits the session ends
     */
    EngineError poll(Output output) {
        boolean refused;
        synchronized (this) {
            if (closed) {
                return EngineError.UNKNOWN_SID;
            }
            if (socket != null) {
                return EngineError.BAD_REQUEST;
            }
            refused = poll != null;
            if (!refused) {
                poll = output;
                if (probed) {
                    releaseSoon(output);
                }
            }
        }
        if (refused) {
            close(CloseCode.POLICY, "Two polls at once", "1");
            return EngineError.BAD_REQUEST;
        }
        go();
        return null;
    }

    /** The client waits for this poll's end to change over; unless the word for that was on its way already. */
    private void releaseSoon(Output output) {
        hub.after(PROBED_PAUSE, () -> hub.doAside(() -> release(output)));
    }

    private void release(Output output) {
        synchronized (this) {
            if (poll != output || !waiting.isEmpty()) {
                return;
            }
            waiting.add(new Outgoing(List.of(NOOP), false, NOBODY));
        }
        go();
    }

    /** A poll's response has ended; if it was not answered the client has gone. */
    void pollEnded(Output output) {
        synchronized (this) {
            if (poll != output) {
                return;
            }
            poll = null;
        }
        close(CloseCode.ABNORMAL, "The poll ended early");
    }

    /** Null, or why a request with packets must not be: if another is under way the session ends. */
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
        close(CloseCode.POLICY, "Two requests at once", "1");
        return EngineError.BAD_REQUEST;
    }

    synchronized void endPost() {
        posting = false;
    }

    /** Takes in a packet of text. */
    void receive(String packet) throws BadPacketException {
        switch (packet.isEmpty() ? 0 : packet.charAt(0)) {
            case '4' -> conversation.text(packet.substring(1));
            case '3' -> pulse.pong();
            case '1' -> close(CloseCode.NORMAL, "The client closed the connection", "6");
            case '6' -> {}
            default -> throw new BadPacketException("An unexpected packet");
        }
    }

    void receive(ByteBuffer bytes) throws BadPacketException {
        conversation.binary(bytes);
    }

    /** A new session on a WebSocket. */
    void begin(Connection webSocket) {
        synchronized (this) {
            socket = webSocket;
        }
        send(Frame.text(engine.handshake(this, false)));
    }

    /** A WebSocket comes to take over. False if one has already. */
    boolean beginUpgrade(Connection webSocket) {
        synchronized (this) {
            if (closed || socket != null || probe != null) {
                return false;
            }
            probe = webSocket;
        }
        hub.after(UPGRADE_PATIENCE, () -> {
            if (endUpgrade(webSocket)) {
                hub.doAside(() -> webSocket.close(CloseCode.POLICY, "The upgrade takes too long"));
            }
        });
        return true;
    }

    /** The WebSocket works both ways: the poll that waits will be ended, so that the client can change over. */
    void probed() {
        Output unanswered;
        synchronized (this) {
            probed = true;
            unanswered = poll;
        }
        if (unanswered != null) {
            releaseSoon(unanswered);
        }
    }

    /** From now on by WebSocket, what waits first. */
    boolean upgrade(Connection webSocket) {
        Output unanswered;
        synchronized (this) {
            if (closed || probe != webSocket) {
                return false;
            }
            probe = null;
            socket = webSocket;
            unanswered = poll;
            poll = null;
        }
        if (unanswered != null) {
            // A client that keeps to the protocol waits for its end.
            refuse(unanswered, EngineError.BAD_REQUEST);
        }
        go();
        return true;
    }

    static void refuse(Output output, EngineError error) {
        output.answer(400, error.json().getBytes(StandardCharsets.US_ASCII));
    }

    /** False if this WebSocket is not the one that was to take over. */
    synchronized boolean endUpgrade(Connection webSocket) {
        boolean waited = probe == webSocket;
        if (waited) {
            probe = null;
            probed = false;
        }
        return waited;
    }

    EngineHeartbeat pulse() {
        return pulse;
    }

    /** As {@link #close(int, String)}, for threads that must not be blocked. */
    void closeAside(int code, String reason) {
        hub.doAside(() -> close(code, reason, "1"));
    }

    /** Ends the session and all that is connected in it. Further calls do nothing. */
    void close(int code, String reason) {
        close(code, reason, "1");
    }

    /** @param packet for a poll that waits: close, or noop if the client wanted it */
    private void close(int code, String reason, String packet) {
        List<Outgoing> unsent;
        Output unanswered;
        Connection socketThen;
        Connection probeThen;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unsent = new ArrayList<>(waiting);
            waiting.clear();
            unanswered = poll;
            poll = null;
            socketThen = socket;
            probeThen = probe;
        }
        pulse.stop();
        engine.ended(this);
        LOG.log(System.Logger.Level.DEBUG, "Session of {0} ended: {1} {2}", handshake.remoteAddress(), code, reason);
        if (unanswered != null) {
            unanswered.answer(packet.getBytes(StandardCharsets.US_ASCII), problem -> {});
        }
        if (socketThen != null) {
            socketThen.close(code, reason);
        }
        if (probeThen != null) {
            probeThen.close(code, reason);
        }
        conversation.ended(new Close(code, reason));
        IOException ended = new IOException("The session has ended");
        unsent.forEach(sent -> sent.sent.sent(ended));
    }
}
