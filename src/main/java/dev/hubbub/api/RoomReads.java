package dev.hubbub.api;

import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RoomDirectory;
import dev.hubbub.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** What the API tells about rooms, in JSON. */
final class RoomReads {
    private static final int MAX_ROOMS = 1_000;
    private static final int DEFAULT_EVENTS = 50;
    private static final Pattern LIMIT = Pattern.compile("[1-9]\\d?|100");

    private RoomReads() {}

    private record Summary(String name, int size) {}

    /**
     * @param next the name after which the next page begins; null for the last page
     */
    private record RoomPage(List<Summary> rooms, String next) {}

    /** The rooms that have members, in the order of their names: the first page, or the one after the parameter {@code after}. */
    static CompletableFuture<String> rooms(LocalHub hub, QueryParameters parameters) {
        return hub.directory()
                .page(parameters.first("after"), MAX_ROOMS)
                .thenApply(page -> {
                    List<Summary> rooms = page.sizes().entrySet().stream()
                            .map(room -> new Summary(room.getKey(), room.getValue()))
                            .toList();
                    return Json.write(new RoomPage(rooms, page.next()));
                })
                .toCompletableFuture();
    }

    /**
     * A room with its first members.
     *
     * @param name null if the request names none
     * @throws Problem 404 if the room has no members
     */
    static CompletableFuture<String> room(LocalHub hub, String name) {
        Room room = hub.room(named(name)); // checks the name
        return hub.directory()
                .occupants(room.name())
                .thenApply(occupants -> room(room, occupants))
                .toCompletableFuture();
    }

    /** @throws Problem 400 if the request names no room */
    static String named(String room) {
        if (room == null) {
            throw Publication.invalid("The parameter name is missing");
        }
        return room;
    }

    /**
     * A page of the earlier events of a room: the last ones, or those before the position in the parameter {@code before}.
     *
     * @param name null if the request names none
     * @throws Problem 400 if a parameter is wrong
     */
    static CompletableFuture<String> events(LocalHub hub, String name, QueryParameters parameters) {
        String before = parameters.first("before");
        Position position = before == null ? null : Position.parse(before).orElse(null);
        if (before != null && position == null) {
            throw Publication.invalid("The parameter before must be the position of an event");
        }
        return hub.room(named(name))
                .history(position, limit(parameters.first("limit")))
                .thenApply(Page::json)
                .toCompletableFuture();
    }

    private static int limit(String limit) {
        if (limit == null) {
            return DEFAULT_EVENTS;
        }
        if (!LIMIT.matcher(limit).matches()) {
            throw Publication.invalid("The parameter limit must be 1 to 100");
        }
        return Integer.parseInt(limit);
    }

    private static String room(Room room, RoomDirectory.Occupants occupants) {
        if (occupants.size() == 0) {
            throw Problem.notFound("The room has no members");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", room.name());
        answer.put("size", occupants.size());
        answer.put("members", occupants.members());
        return Json.write(answer);
    }
}
