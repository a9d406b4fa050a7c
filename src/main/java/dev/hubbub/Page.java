package dev.hubbub;

import dev.hubbub.json.Json;
import dev.hubbub.json.JsonText;
import java.util.List;

/**
 * Earlier events of a room. As JSON it is {@code {"room", "events": [...], "more"}}, the acknowledgement of the event
 * {@code history}.
 *
 * @param room the name of the room
 * @param events the oldest first
 * @param more whether there are earlier events
 */
public record Page(String room, List<PublishedEvent> events, boolean more) implements JsonText {
    public Page {
        events = List.copyOf(events);
    }

    @Override
    public String json() {
        StringBuilder to = new StringBuilder("{\"room\":");
        Json.quote(to, room).append(",\"events\":");
        Json.write(to, events);
        return to.append(",\"more\":").append(more).append('}').toString();
    }
}
