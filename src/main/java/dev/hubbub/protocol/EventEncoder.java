package dev.hubbub.protocol;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.json.Json;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Encodes events as frames: {@code {"name":...,"data":...,"id":...}}. JSON-B writes the data. Java clients use this class as an
 * encoder of Jakarta WebSocket; the hub calls the static methods, once for each event.
 */
public final class EventEncoder implements Encoder.Text<Event> {
    /** The data of an acknowledgement without a result, which always has the member. */
    private static final Data NULL = Data.parse("null");

    /** @throws EncodeException if the event has attachments, which need a binary frame */
    @Override
    public String encode(Event event) throws EncodeException {
        if (!event.attachments().isEmpty()) {
            throw new EncodeException(event, "A text frame cannot carry attachments; send a binary frame");
        }
        return envelope(event.name(), event.data(), event.id(), event.key(), List.of());
    }

    /**
     * @param data any value that JSON-B can write; null omits the member
     * @param id JSON text; null omits the member
     */
    public static String envelope(String name, Object data, String id) {
        return envelope(name, data, id, null, List.of());
    }

    private static String envelope(String name, Object data, String id, String key, List<ByteBuffer> attachments) {
        StringBuilder to = new StringBuilder(128).append("{\"name\":");
        Json.quote(to, name);
        if (data != null && data != Data.NULL) {
            Json.write(to.append(",\"data\":"), data);
        }
        if (id != null) {
            to.append(",\"id\":").append(id);
        }
        if (key != null) {
            Json.quote(to.append(",\"key\":"), key);
        }
        if (data instanceof Data arguments && arguments.isArguments()) {
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
            throw new IllegalArgumentException(
                    "The name of an event must have 1 to " + Protocol.MAX_NAME + " characters");
        }
    }

    /** @throws IllegalArgumentException if the name does not have 1 to 128 characters */
    public static Frame event(String name, Object data) {
        return event(name, data, List.of(), Delivery.ALL);
    }

    /** @throws IllegalArgumentException if the name does not have 1 to 128 characters */
    public static Frame event(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        checkName(name);
        return frame(name, data, null, attachments, delivery);
    }

    /**
     * An event that asks its receiver for an acknowledgement.
     *
     * @param id JSON text
     * @throws IllegalArgumentException if the name does not have 1 to 128 characters
     */
    public static Frame eventWithId(String name, Object data, String id, List<ByteBuffer> attachments) {
        checkName(name);
        return frame(name, data, id, attachments, Delivery.ALL);
    }

    private static Frame frame(String name, Object data, String id, List<ByteBuffer> attachments, Delivery delivery) {
        return frame(Frame.Role.EVENT, envelope(name, data, id, null, attachments), attachments, delivery);
    }

    private static Frame frame(Frame.Role role, String envelope, List<ByteBuffer> attachments, Delivery delivery) {
        return attachments.isEmpty()
                ? Frame.text(role, envelope, delivery)
                : Frame.binary(role, envelope, attachments, delivery);
    }

    /**
     * An acknowledgement.
     *
     * @param id JSON text
     * @param result the data, null for none; or an {@link Event}, of which the data and the attachments are sent
     */
    public static Frame ack(String id, Object result) {
        Object data = result instanceof Event event ? event.data() : result;
        List<ByteBuffer> attachments = result instanceof Event event ? event.attachments() : List.of();
        boolean empty = data == null || data == Data.NULL;
        return frame(
                empty ? Frame.Role.EMPTY_ACK : Frame.Role.ACK,
                envelope(Protocol.ACK, empty ? NULL : data, id, null, attachments),
                attachments,
                Delivery.ALL);
    }

    /** @param id JSON text; null for an error that answers no id */
    public static Frame error(String id, EventException problem) {
        return Frame.text(
                id == null ? Frame.Role.EVENT : Frame.Role.ACK,
                envelope(Protocol.ERROR, new Problem(problem.code(), problem.getMessage()), id),
                Delivery.ALL);
    }

    private record Problem(String code, String message) {}
}
