package dev.hubbub.http;

import dev.hubbub.Close;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** One EventSource's open response. Who reads it answers nothing; that its socket takes bytes is the sign of life. */
final class EventStream extends HttpConnection {
    private final boolean whole;
    private Output output;

    /** Where the client is in each of its rooms. Only the outbox's one writer comes here. */
    private final Map<String, Long> positions = new LinkedHashMap<>(2);

    private ByteArrayOutputStream held;

    /**
     * @param retryMillis after which the browser comes back when it has lost the stream
     * @param whole whether the data is the whole event, as in a frame, instead of only its data
     */
    EventStream(long retryMillis, boolean whole) {
        this.whole = whole;
        held = new ByteArrayOutputStream();
        held.writeBytes(("retry: " + retryMillis + "\n\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** To be said before it is connected. */
    void goesTo(Output response) {
        output = response;
    }

    /** The response has ended. */
    void ended(LocalHub hub) {
        if (client() != null) {
            hub.disconnected(client(), new Close(CloseCode.GOING_AWAY, "The response has ended"));
        }
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        held = held == null ? new ByteArrayOutputStream() : held;
        if (frame.kind() == Frame.Kind.PING) {
            held.writeBytes(":\n\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            EventStreamLines lines =
                    whole ? EventStreamLines.whole(frame) : frame.form(EventStreamLines.class, EventStreamLines::of);
            held.writeBytes(lines.bytes());
            held.writeBytes(end(frame.position()));
        }
        if (more) {
            sent.sent(null);
            return;
        }
        byte[] bytes = held.toByteArray();
        held = null;
        output.write(bytes, failure -> {
            if (failure == null) {
                heard();
            }
            sent.sent(failure);
        });
    }

    /** The position in all rooms, which is what the browser sends as {@code Last-Event-ID} when it comes back. */
    private byte[] end(Position position) {
        if (position == null) {
            return new byte[] {'\n'};
        }
        positions.put(position.epoch(), position.number());
        String list = positions.entrySet().stream()
                .map(room -> room.getKey() + "." + room.getValue())
                .collect(Collectors.joining(","));
        return ("id: " + list + "\n\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close(int code, String reason) {
        if (output.isIdle()) {
            Frame goodbye = EventEncoder.event("close", Map.of("code", code, "reason", reason));
            send(goodbye, false, failure -> output.end());
        } else {
            output.end();
        }
    }
}
