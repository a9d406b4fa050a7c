package dev.hubbub.protocol;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.json.Json;
import jakarta.websocket.Encoder;
import java.nio.ByteBuffer;

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
        StringBuilder to = new StringBuilder(128).append("{\"name\":");
        Json.quote(to, name);
        if (data != null) {
            Json.write(to.append(",\"data\":"), data);
        }
        if (id != null) {
            to.append(",\"id\":").append(id);
        }
        return to.append('}').toString();
    }

    /** @throws IllegalArgumentException if it is no name of an event */
    public static void checkName(String name) {
        if (!Protocol.isName(name)) {
            throw new IllegalArgumentException("An event's name has 1 to " + Protocol.MAX_NAME + " characters");
        }
    }

    /** An event of Hubbub's own. */
    public static Frame event(String name, Object data) {
        return event(name, data, null, Delivery.ALL);
    }

    /** @throws IllegalArgumentException if the name is no name of an event */
    public static Frame event(String name, Object data, ByteBuffer attachment, Delivery delivery) {
        checkName(name);
        String envelope = envelope(name, data, null);
        return attachment == null ? Frame.text(envelope, delivery) : Frame.binary(envelope, attachment, delivery);
    }

    /** An acknowledgement; without an id it is the answer to an event that has none, like {@code echo}. */
    public static Frame ack(String id, Object result) {
        return Frame.text(envelope(Protocol.ACK, result == null ? Data.NULL : result, id));
    }

    public static Frame error(String id, EventException problem) {
        return Frame.text(envelope(Protocol.ERROR, new Problem(problem.code(), problem.getMessage()), id));
    }

    private record Problem(String code, String message) {}
}
