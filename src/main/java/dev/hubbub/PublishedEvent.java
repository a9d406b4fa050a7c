package dev.hubbub;

import dev.hubbub.json.Json;
import dev.hubbub.json.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * An earlier event of a room, see {@link Room#history}. As JSON it is {@code {"name", "data", "position", "at", "attachment"?}},
 * with attachments in Base64: one as a string, several as an array.
 *
 * @param at when it was published, in milliseconds since 1970
 * @param attachments read-only
 */
public record PublishedEvent(String name, Data data, Position position, long at, List<ByteBuffer> attachments)
        implements JsonText {
    public PublishedEvent {
        attachments = attachments.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    /** New read-only views of the bytes, each with its own position. */
    @Override
    public List<ByteBuffer> attachments() {
        return attachments.isEmpty()
                ? attachments
                : attachments.stream().map(ByteBuffer::duplicate).toList();
    }

    @Override
    public String json() {
        StringBuilder to = new StringBuilder(data.json().length() + 96).append("{\"name\":");
        Json.quote(to, name).append(",\"data\":").append(data.json());
        if (data.isArguments()) {
            to.append(",\"arguments\":true");
        }
        to.append(",\"position\":").append(position.json()).append(",\"at\":").append(at);
        if (!attachments.isEmpty()) {
            List<String> base64 = attachments().stream()
                    .map(bytes -> StandardCharsets.ISO_8859_1
                            .decode(Base64.getEncoder().encode(bytes))
                            .toString())
                    .toList();
            Json.write(to.append(",\"attachment\":"), base64.size() == 1 ? base64.get(0) : base64);
        }
        return to.append('}').toString();
    }
}
