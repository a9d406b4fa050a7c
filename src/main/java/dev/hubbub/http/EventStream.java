package dev.hubbub.http;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.PositionTracker;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The open response of one event stream (HTML, section 9.2, "Server-sent events"). Its client cannot answer a ping, so it counts
 * as alive as long as its socket accepts bytes.
 */
final class EventStream extends HttpConnection {
    private static final byte[] PING = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final boolean wholeEvents;
    private final PositionTracker positions;
    private Output output;

    /** Whether frames may be sent: the client has been accepted. */
    private volatile boolean begun;

    /** Sends the first frame, which waits until the client has been accepted. Guarded by this. */
    private Runnable first;

    /** Frames that are held back to travel with the next one. Used only by the single writer of the outbox. */
    private ByteArrayOutputStream buffered;

    /**
     * @param retryMillis how long the browser waits before it reconnects
     * @param wholeEvents whether the data of each message is the whole event, as in a WebSocket frame, instead of only the
     *     event's data
     * @param seen the positions that the client has reached before, by epoch
     */
    EventStream(long retryMillis, boolean wholeEvents, Map<String, Long> seen) {
        this.wholeEvents = wholeEvents;
        positions = new PositionTracker(true, seen);
        buffered = new ByteArrayOutputStream();
        buffered.writeBytes(("retry: " + retryMillis + "\n\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Must be called before the client connects. */
    void setOutput(Output response) {
        output = response;
    }

    /** The client has been accepted, and is sent what waits for it. */
    void begin() {
        Runnable waiting;
        synchronized (this) {
            begun = true;
            waiting = first;
            first = null;
        }
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Has a frame wait, unless the client has been accepted meanwhile. */
    private synchronized boolean waits(Runnable sending) {
        if (!begun) {
            first = sending;
        }
        return !begun;
    }

    /** The response has ended. */
    void responseEnded(LocalHub hub) {
        if (client() != null) {
            hub.disconnected(client(), new Close(CloseCode.GOING_AWAY, "The response has ended"));
        }
    }

    @Override
    public String transport() {
        return "sse";
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        if (!begun && waits(() -> send(frame, more, sent))) {
            return;
        }
        buffered = buffered == null ? new ByteArrayOutputStream() : buffered;
        if (frame.kind() == Frame.Kind.PING) {
            buffered.writeBytes(PING);
        } else {
            ServerSentEvent event = wholeEvents
                    ? ServerSentEvent.ofWholeEvent(frame)
                    : frame.converted(ServerSentEvent.class, ServerSentEvent::of);
            buffered.writeBytes(event.bytes());
            buffered.writeBytes(ending(frame.position()));
        }
        if (more) {
            sent.sent(null);
            return;
        }
        byte[] bytes = buffered.toByteArray();
        buffered = null;
        output.write(bytes, failure -> {
            if (failure == null) {
                heard();
            }
            sent.sent(failure);
        });
    }

    /**
     * The end of a message. Its id is the positions in all rooms, which the browser sends as {@code Last-Event-ID} when it
     * reconnects.
     */
    private byte[] ending(Position position) {
        if (position == null) {
            return new byte[] {'\n'};
        }
        positions.add(position);
        return ("id: " + positions + "\n\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean answersPings() {
        return false;
    }

    @Override
    public void leftRoom(String epoch) {
        positions.forget(epoch);
    }

    @Override
    public void close(int code, String reason) {
        if (!begun) {
            boolean retry = code != CloseCode.POLICY && code != CloseCode.NORMAL;
            output.reject(new EventException(retry ? EventException.OVERLOADED : EventException.FORBIDDEN, reason));
        } else if (output.isIdle()) {
            Frame close = EventEncoder.event("close", Map.of("code", code, "reason", reason));
            send(close, false, failure -> output.end());
        } else {
            output.end();
        }
    }
}
