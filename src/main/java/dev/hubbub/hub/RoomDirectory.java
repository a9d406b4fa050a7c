package dev.hubbub.hub;

import dev.hubbub.Member;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The rooms of one namespace that have members, on all nodes. */
public interface RoomDirectory {
    /** The most members that are read of one room. */
    int MAX_MEMBERS = 10_000;

    /**
     * Rooms that have members, in the order of their names.
     *
     * @param after begins behind this name; null for the first page
     * @param limit the most rooms of a page
     */
    CompletionStage<Page> page(String after, int limit);

    /** The members of a room, at most {@link #MAX_MEMBERS}. */
    CompletionStage<Occupants> occupants(String room);

    /**
     * @param sizes the number of members by name, in the order of the names
     * @param next the name after which the next page begins; null for the last page
     */
    record Page(Map<String, Integer> sizes, String next) {}

    /** @param size how many members there are, listed or not */
    record Occupants(int size, List<Member> members) {}
}
