package dev.hubbub.api;

import dev.hubbub.Member;
import dev.hubbub.Room;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.json.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the API tells about rooms, in JSON. */
final class RoomReads {
    private static final int MAX_ROOMS = 1_000;
    private static final int MAX_MEMBERS = 10_000;

    private RoomReads() {}

    private record Summary(String name, int size) {}

    /**
     * @param next the name after which the next page begins; null for the last page
     */
    private record Page(List<Summary> rooms, String next) {}

    /** The rooms that have members, in the order of their names: the first page, or the one after the parameter {@code after}. */
    static String rooms(LocalHub hub, QueryParameters parameters) {
        String after = parameters.first("after");
        Collection<String> names = hub.roomNames();
        List<Summary> rooms = names.stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .sorted()
                .limit(MAX_ROOMS + 1L)
                .map(name -> new Summary(name, hub.room(name).size()))
                .toList();
        boolean more = rooms.size() > MAX_ROOMS;
        return Json.write(new Page(
                more ? rooms.subList(0, MAX_ROOMS) : rooms,
                more ? rooms.get(MAX_ROOMS - 1).name() : null));
    }

    /**
     * A room with its first members.
     *
     * @param name null if the request names none
     * @throws Problem 404 if the room has no members
     */
    static CompletableFuture<String> room(LocalHub hub, String name) {
        if (name == null) {
            throw Publication.invalid("The parameter name is missing");
        }
        Room room = hub.room(name);
        return room.fetchMembers().thenApply(members -> room(room, members)).toCompletableFuture();
    }

    private static String room(Room room, List<Member> members) {
        if (members.isEmpty()) {
            throw Problem.notFound("The room has no members");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", room.name());
        answer.put("size", members.size());
        answer.put("members", members.size() > MAX_MEMBERS ? members.subList(0, MAX_MEMBERS) : members);
        return Json.write(answer);
    }
}
