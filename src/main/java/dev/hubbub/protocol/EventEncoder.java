package dev.hubbub.protocol;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.json.Json;
import jakarta.websocket.Encoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Events to text frames: {@code {"name":...,"data":...,"id":...}}. The data is written by JSON-B. As an encoder of
 * Jakarta WebSocket it serves Java clients; the hub calls the static methods, once for each event.
 */
public final class EventEncoder implements Encoder.Text<Event> {
    @Override
    public String encode(Event event) {
        return envelope(event.name(), event.data(), event.id());
    }

    /**
     * @param data anything that JSON-B writes; null leaves the member out
     * @param id JSON text; null leaves the member out
     */
    public static String envelope(String name, Object data, String id) {
        return envelope(name, data, id, List.of());
    }

    private static String envelope(String name, Object data, String id, List<ByteBuffer> attachments) {
        StringBuilder to = new StringBuilder(128).append("{\"name\":");
        Json.quote(to, name);
        if (data != null) {
            Json.write(to.append(",\"data\":"), data);
        }
        if (id != null) {
            to.append(",\"id\":").append(id);
        }
        if (data instanceof Data several && several.isArguments()) {
            to.append(",\"arguments\":true");
        }
        if (attachments.size() > 1) {
            Json.write(
                    to.append(",\"attachments\":"),
                    attachments.stream().map(ByteBuffer::remaining).toList());
        }
        return to.append('}').toString();
    }

    private static void checkName(String name) {
        if (!Protocol.isName(name)) {
            throw new IllegalArgumentException("An event's name has 1 to " + Protocol.MAX_NAME + " characters");
        }
    }

    /** An event of Hubbub's own. */
    public static Frame event(String name, Object data) {
        return event(name, data, List.of(), Delivery.ALL);
    }

    /** @throws IllegalArgumentException if the name is no name of an event */
    public static Frame event(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        checkName(name);
        return frame(name, data, null, attachments, delivery);
    }

    /**
     * An event that is to be acknowledged.
     *
     * @param id JSON text
     * @throws IllegalArgumentException if the name is no name of an event
     */
    public static Frame question(String name, Object data, String id, List<ByteBuffer> attachments) {
        checkName(name);
        return frame(name, data, id, attachments, Delivery.ALL);
    }

    private static Frame frame(String name, Object data, String id, List<ByteBuffer> attachments, Delivery delivery) {
        String envelope = envelope(name, data, id, attachments);
        return attachments.isEmpty() ? Frame.text(envelope, delivery) : Frame.binary(envelope, attachments, delivery);
    }

    /** An acknowledgement, by the result or the data and attachments of an event; without an id it is the answer to an event that has none, like {@code echo}. */
    public static Frame ack(String id, Object result) {
        if (result instanceof Event answer) {
            return frame(Protocol.ACK, answer.data(), id, answer.attachments(), Delivery.ALL);
        }
        return frame(Protocol.ACK, result == null ? Data.NULL : result, id, List.of(), Delivery.ALL);
    }

    public static Frame error(String id, EventException problem) {
        return Frame.text(envelope(Protocol.ERROR, new Problem(problem.code(), problem.getMessage()), id));
    }

    private record Problem(String code, String message) {}
}
