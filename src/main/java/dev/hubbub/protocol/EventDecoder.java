package dev.hubbub.protocol;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.CheckedJson;
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
 * Decodes frames to events. The whole frame is checked to be JSON, but {@code data} stays text, so forwarding an event builds
 * no objects from it. Java clients use this class as a decoder of Jakarta WebSocket; the server calls the static methods.
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
        return true; // decoding finds out whether it is an event; checking here would parse the text twice
    }

    /** @throws MalformedException if the text is not an event; the message says why */
    public static Event event(String text) {
        return event(text, null);
    }

    /**
     * Decodes a binary frame: the envelope in UTF-8, a zero byte, the attachments.
     *
     * @throws MalformedException if the frame is not an event; the message says why
     */
    public static Event event(ByteBuffer frame) {
        int zero = frame.position();
        while (zero < frame.limit() && frame.get(zero) != 0) {
            zero++;
        }
        if (zero == frame.limit()) {
            throw malformed(
                    "A binary frame must be the event in JSON, a zero byte, then the raw bytes. The zero byte is missing");
        }
        String envelope;
        try {
            envelope = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(frame.duplicate().limit(zero))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("The event in a binary frame must be UTF-8");
        }
        return event(envelope, frame.duplicate().position(zero + 1).slice());
    }

    private static Event event(String text, ByteBuffer bytes) {
        Envelope envelope = new Envelope(text);
        try {
            new Scanner(text).object(envelope);
        } catch (JsonSyntaxException e) {
            throw malformed("An event must be one JSON object {\"name\": ..., \"data\": ...}: " + e.getMessage());
        }
        String id = envelope.id == null || envelope.id.equals("null") ? null : envelope.id;
        if (id != null && !isId(id)) {
            throw malformed("The member \"id\" must be an integer or a string of at most 128 characters");
        }
        Data data = Data.NULL;
        if (envelope.data != null) {
            boolean arguments = "true".equals(envelope.arguments) && envelope.data.charAt(0) == '[';
            data = Data.of(new CheckedJson(envelope.data, arguments));
        }
        String key = envelope.key == null ? null : key(envelope.key, id);
        return new Event(name(envelope.name, id), data, id, key, attachments(bytes, envelope.attachments));
    }

    /**
     * The attachments: the bytes split by their lengths, or all bytes as one attachment if the lengths are missing or invalid.
     *
     * @param lengths the JSON text of the member {@code attachments}; null if it is missing
     */
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
        } catch (IllegalArgumentException | IndexOutOfBoundsException invalid) {
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

    /** @return null for JSON's null */
    private static String key(String json, String id) {
        if (json.equals("null")) {
            return null;
        }
        String key = json.charAt(0) == '"' ? Scanner.unquote(json) : "";
        if (!Protocol.isName(key)) {
            throw new MalformedException(
                    "The member \"key\" must be a string of 1 to " + Protocol.MAX_NAME + " characters", id);
        }
        return key;
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

    /** The JSON texts of the members. The last of several members with the same name wins, as in JavaScript. */
    private static final class Envelope implements Scanner.MemberVisitor {
        private final String text;
        private String name;
        private String data;
        private String id;
        private String key;
        private String arguments;
        private String attachments;

        Envelope(String text) {
            this.text = text;
        }

        @Override
        public void member(String member, int start, int end) {
            switch (member) {
                case "name" -> name = text.substring(start, end);
                case "data" -> data = text.substring(start, end);
                case "id" -> id = text.substring(start, end);
                case "key" -> key = text.substring(start, end);
                case "arguments" -> arguments = text.substring(start, end);
                case "attachments" -> attachments = text.substring(start, end);
                default -> {} // unknown members are ignored
            }
        }
    }
}
