package dev.hubbub.protocol;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.Scanner;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Text frames to events. The envelope is scanned, and checked to be JSON to its end; {@code data} stays text, so an
 * event whose handler passes it on is never built up as objects. As a decoder of Jakarta WebSocket it serves Java
 * clients; the server calls the static methods.
 */
public final class EventDecoder implements Decoder.Text<Event> {
    private static final int MAX_ID_DIGITS = 19;

    @Override
    public Event decode(String text) throws DecodeException {
        try {
            return event(text);
        } catch (MalformedException e) {
            throw new DecodeException(text, e.getMessage(), e);
        }
    }

    @Override
    public boolean willDecode(String text) {
        return true; // whether it is an event shows in the decoding; to look twice would cost twice
    }

    /** @throws MalformedException with a message that says why */
    public static Event event(String text) {
        return event(text, null);
    }

    /**
     * A binary frame: the envelope in UTF-8, a zero byte, the attachment.
     *
     * @throws MalformedException with a message that says why
     */
    public static Event event(ByteBuffer frame) {
        int zero = frame.position();
        while (zero < frame.limit() && frame.get(zero) != 0) {
            zero++;
        }
        if (zero == frame.limit()) {
            throw malformed(
                    "A binary frame is the event in JSON, a zero byte, then the raw bytes; there is no zero byte");
        }
        String envelope;
        try {
            envelope = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(frame.duplicate().limit(zero))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("The event of a binary frame must be UTF-8");
        }
        return event(envelope, frame.duplicate().position(zero + 1).slice());
    }

    private static Event event(String text, ByteBuffer bytes) {
        Envelope envelope = new Envelope(text);
        try {
            new Scanner(text).object(envelope);
        } catch (JsonSyntaxException e) {
            throw malformed("An event is one JSON object {\"name\": ..., \"data\": ...}: " + e.getMessage());
        }
        String id = envelope.id == null || envelope.id.equals("null") ? null : envelope.id;
        if (id != null && !isId(id)) {
            throw malformed("The member \"id\" must be an integer or a string of at most 128 characters");
        }
        Data data = envelope.data == null ? Data.NULL : Data.trusted(envelope.data);
        if ("true".equals(envelope.arguments) && envelope.data != null && envelope.data.charAt(0) == '[') {
            data = data.asArguments();
        }
        return new Event(name(envelope.name, id), data, id, attachments(bytes, envelope.attachments));
    }

    /** One, unless there are lengths that make several of the bytes; anything else in their place means nothing. */
    private static List<ByteBuffer> attachments(ByteBuffer bytes, String lengths) {
        if (bytes == null) {
            return List.of();
        }
        List<ByteBuffer> several = new ArrayList<>();
        int[] at = {0};
        try {
            if (lengths != null) {
                Scanner.forEachElement(lengths, (start, end) -> {
                    int length = Integer.parseInt(lengths.substring(start, end));
                    several.add(bytes.slice(at[0], length));
                    at[0] += length;
                });
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException otherwise) {
            several.clear();
        }
        boolean valid = at[0] == bytes.limit() && several.size() <= Protocol.MAX_ATTACHMENTS;
        return valid && !several.isEmpty() ? several : List.of(bytes);
    }

    private static String name(String json, String id) {
        if (json == null) {
            throw new MalformedException("The member \"name\" is missing", id);
        }
        if (json.charAt(0) != '"') {
            throw new MalformedException("The member \"name\" must be a string", id);
        }
        String name = Scanner.unquote(json);
        if (!Protocol.isName(name)) {
            throw new MalformedException("The member \"name\" must have 1 to " + Protocol.MAX_NAME + " characters", id);
        }
        return name;
    }

    private static boolean isId(String json) {
        return json.charAt(0) == '"' ? json.length() <= Protocol.MAX_NAME + 2 : isInteger(json);
    }

    private static boolean isInteger(String number) {
        int start = number.charAt(0) == '-' ? 1 : 0;
        return number.length() - start <= MAX_ID_DIGITS
                && number.chars().skip(start).allMatch(c -> c >= '0' && c <= '9');
    }

    private static MalformedException malformed(String message) {
        return new MalformedException(message, null);
    }

    /** The JSON text of the members. Of two with the same name the last counts, as in JavaScript. */
    private static final class Envelope implements Scanner.Member {
        private final String text;
        private String name;
        private String data;
        private String id;
        private String arguments;
        private String attachments;

        Envelope(String text) {
            this.text = text;
        }

        @Override
        public void at(String member, int start, int end) {
            switch (member) {
                case "name" -> name = text.substring(start, end);
                case "data" -> data = text.substring(start, end);
                case "id" -> id = text.substring(start, end);
                case "arguments" -> arguments = text.substring(start, end);
                case "attachments" -> attachments = text.substring(start, end);
                default -> {} // unknown members are ignored
            }
        }
    }
}
