package dev.hubbub.http;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An event as the lines of an event stream (HTML, section 9.2.5), without the one that ends it.
 *
 * @param bytes not to be changed
 */
record EventStreamLines(byte[] bytes) {
    private static final Pattern NEW_LINE = Pattern.compile("\r\n?|\n");

    static EventStreamLines of(Frame frame) {
        Event event = frame.kind() == Frame.Kind.TEXT
                ? EventDecoder.event(frame.text())
                : EventDecoder.event(frame.payload());
        return new EventStreamLines(lines(event.name(), data(event).json()).getBytes(StandardCharsets.UTF_8));
    }

    /** The event as it stands in a frame, for who reads the stream by a script and not by an EventSource. */
    static EventStreamLines whole(Frame frame) {
        StringBuilder event = new StringBuilder();
        PollConnection.append(event, frame);
        return new EventStreamLines(
                ("data: " + NEW_LINE.matcher(event).replaceAll("\ndata: ") + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What has an id is told whole: an acknowledgement says nothing without it. */
    private static Data data(Event event) {
        Data data = event.data();
        List<String> attachments = Requests.base64(event);
        if (!attachments.isEmpty()) {
            Data object = data.isObject() || data.isNull() ? data : Data.NULL.with("value", data);
            data = object.with("attachment", attachments.size() == 1 ? attachments.get(0) : attachments);
        }
        return event.id() == null ? data : Data.NULL.with("id", Data.trusted(event.id()), "data", data);
    }

    private static String lines(String name, String data) {
        // JSON may be broken over lines, and each line needs the field's name again.
        return "event: " + NEW_LINE.matcher(name).replaceAll(" ") + "\ndata: "
                + NEW_LINE.matcher(data).replaceAll("\ndata: ") + "\n";
    }
}
