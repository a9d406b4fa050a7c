package dev.hubbub.api;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Protocol;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An event that a request publishes.
 *
 * @param rooms that the event itself names; empty if it names none
 */
record Publication(Event event, List<String> rooms) {
    /** More events are easier to send in several requests. */
    static final int MAX_BATCH = 1_000;

    private static final int MAX_ROOMS = 100;

    /**
     * The content of a request's body.
     *
     * @param batch whether the body is a JSON array
     */
    record Batch(List<Publication> events, boolean batch) {}

    /**
     * Reads and checks the whole body, so that nothing of it is published if a part of it is wrong.
     *
     * @param binary whether the body is a binary frame: one event with attachments
     * @param maxEvent bytes of the largest event
     * @throws Problem 400 or 413, with the index of the event in a batch
     */
    static Batch parse(byte[] body, boolean binary, int maxEvent) {
        if (binary) {
            checkLength(body.length, maxEvent);
            return new Batch(List.of(decoded(() -> EventDecoder.event(ByteBuffer.wrap(body)), null)), false);
        }
        String text = text(body);
        if (!text.stripLeading().startsWith("[")) {
            checkLength(body.length, maxEvent);
            return new Batch(List.of(publication(text)), false);
        }
        List<String> elements = elements(text);
        List<Publication> events = new ArrayList<>(elements.size());
        for (String element : elements) {
            try {
                checkLength(element.getBytes(StandardCharsets.UTF_8).length, maxEvent);
                events.add(publication(element));
            } catch (Problem problem) {
                throw problem.at(events.size());
            }
        }
        return new Batch(events, true);
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("The body must be UTF-8");
        }
    }

    private static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        try {
            new Scanner(text).array((start, end) -> {
                if (elements.size() == MAX_BATCH) {
                    throw new Problem(
                            HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                            EventException.TOO_LARGE,
                            "A batch must have at most " + MAX_BATCH + " events");
                }
                elements.add(text.substring(start, end));
            });
        } catch (JsonSyntaxException e) {
            throw malformed("The body is not a JSON array of events: " + e.getMessage());
        }
        return elements;
    }

    private static void checkLength(int bytes, int maxEvent) {
        if (bytes > maxEvent) {
            throw new Problem(
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                    EventException.TOO_LARGE,
                    "An event must have at most " + maxEvent + " bytes");
        }
    }

    private interface Decoding {
        Event event();
    }

    private static Publication publication(String json) {
        return decoded(() -> EventDecoder.event(json), json);
    }

    /** @param json null if the event cannot name rooms */
    private static Publication decoded(Decoding decoding, String json) {
        try {
            Event event = decoding.event();
            if (Protocol.RESERVED.contains(event.name())) {
                throw invalid("The name \"" + event.name() + "\" is reserved for Hubbub");
            }
            return new Publication(event, json == null ? List.of() : rooms(json));
        } catch (EventException error) {
            throw Problem.of(error);
        }
    }

    private static List<String> rooms(String json) {
        Data envelope = Data.parse(json);
        String room = envelope.string("room");
        String rooms = Scanner.member(envelope.json(), "rooms");
        if (rooms == null || rooms.equals("null")) {
            return room == null ? List.of() : List.of(room);
        }
        if (room != null || rooms.charAt(0) != '[') {
            throw invalid(
                    "An event names its rooms either by \"room\", a string, or by \"rooms\", an array of strings");
        }
        List<String> names = new ArrayList<>();
        Scanner.forEachElement(rooms, (start, end) -> {
            if (rooms.charAt(start) != '"') {
                throw invalid("The member \"rooms\" must be an array of strings");
            }
            String name = Scanner.unquote(rooms.substring(start, end));
            if (!names.contains(name)) {
                names.add(name);
            }
        });
        if (names.isEmpty() || names.size() > MAX_ROOMS) {
            throw invalid("The member \"rooms\" must have 1 to " + MAX_ROOMS + " rooms");
        }
        return names;
    }

    private static Problem malformed(String detail) {
        return new Problem(HttpServletResponse.SC_BAD_REQUEST, EventException.MALFORMED, detail);
    }

    static Problem invalid(String detail) {
        return new Problem(HttpServletResponse.SC_BAD_REQUEST, EventException.INVALID_DATA, detail);
    }
}
