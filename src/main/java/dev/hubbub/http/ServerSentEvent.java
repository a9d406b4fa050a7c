package dev.hubbub.http;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An event as a message of an event stream (HTML, section 9.2.5), without its id and the empty line at its end.
 *
 * @param bytes must not be changed
 */
record ServerSentEvent(byte[] bytes) {
    private static final Pattern NEW_LINE = Pattern.compile("\r\n?|\n");

    /** The message of an event that an EventSource receives under the event's name. */
    static ServerSentEvent of(Frame frame) {
        Event event = frame.kind() == Frame.Kind.TEXT
                ? EventDecoder.event(frame.text())
                : EventDecoder.event(frame.payload());
        return new ServerSentEvent(encode(event.name(), data(event).json()).getBytes(StandardCharsets.UTF_8));
    }

    /** A message whose data is the whole event, for scripts that read the stream without an EventSource. */
    static ServerSentEvent ofWholeEvent(Frame frame) {
        StringBuilder event = new StringBuilder();
        PollConnection.append(event, frame);
        return new ServerSentEvent(
                ("data: " + NEW_LINE.matcher(event).replaceAll("\ndata: ") + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The data of the message. If the event has an id, the data contains it: an acknowledgement is useless without its id. */
    private static Data data(Event event) {
        Data data = event.data();
        List<String> attachments = Requests.base64(event);
        if (!attachments.isEmpty()) {
            Data object = data.isObject() || data.isNull() ? data : Data.NULL.with("value", data);
            data = object.with("attachment", attachments.size() == 1 ? attachments.get(0) : attachments);
        }
        return event.id() == null ? data : Data.NULL.with("id", new CheckedJson(event.id()), "data", data);
    }

    private static String encode(String name, String data) {
        // JSON may contain line breaks, and each line needs the field's name again.
        return "event: " + fieldName(name) + "\ndata: " + NEW_LINE.matcher(data).replaceAll("\ndata: ") + "\n";
    }

    /** An EventSource itself fires {@code error} and {@code open}, and a page could not tell them from those of the connection. */
    private static String fieldName(String name) {
        return switch (name) {
            case "error", "open" -> "hubbub-" + name;
            default -> NEW_LINE.matcher(name).replaceAll(" ");
        };
    }
}
