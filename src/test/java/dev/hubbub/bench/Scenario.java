package dev.hubbub.bench;

import java.util.List;

/**
 * What a measurement asks.
 *
 * @param clients members, spread evenly over the rooms
 * @param publishers members that publish, at most one for each room
 * @param window messages of a publisher that are in flight at the same time; ignored if there is a rate
 * @param rate messages per second of each publisher, 0 for as many as the window permits
 */
record Scenario(String name, String question, int clients, int rooms, int publishers, int window, int rate) {
    static final List<Scenario> ALL = List.of(
            new Scenario("echo", "100 clients in a room of their own: the cost of a round trip", 100, 100, 100, 1, 0),
            new Scenario("rooms", "1,000 members in 100 rooms, a publisher in each", 1_000, 100, 100, 2, 0),
            new Scenario("fanout", "200 members in one room, one publisher", 200, 1, 1, 8, 0),
            new Scenario("rate", "30,000 deliveries per second, without saturation", 1_000, 10, 10, 0, 30),
            new Scenario("idle", "5,000 silent members in 50 rooms: their memory", 5_000, 50, 0, 0, 0));

    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no scenario " + name));
    }
}
