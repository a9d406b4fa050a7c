package dev.hubbub.access;

import dev.hubbub.Client;
import dev.hubbub.RoomAccess;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A policy of the settings. Where the pattern has a part {@code {user}}, the room is for the user of this name alone.
 *
 * @param join roles, or {@link #ANYONE}, {@link #USER}, {@link #NOBODY}; null for anyone
 */
record ConfiguredRoomAccess(Set<String> join, Set<String> publish, Set<String> members) implements RoomAccess {
    private static final String ANYONE = "anyone";
    private static final String USER = "user";
    private static final String NOBODY = "nobody";
    private static final Set<String> WORDS = Set.of(ANYONE, USER, NOBODY);

    /** @param words the first is the pattern */
    static ConfiguredRoomAccess parse(String... words) {
        Set<String> join = Set.of(ANYONE);
        Set<String> publish = Set.of(ANYONE);
        Set<String> members = Set.of(ANYONE);
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            Set<String> who = Set.of(words[i].substring(equals + 1).split("\\|"));
            switch (equals < 0 ? "" : words[i].substring(0, equals)) {
                case "join" -> join = who;
                case "publish" -> publish = who;
                case "members" -> members = who;
                default ->
                    throw new IllegalArgumentException(
                            words[i] + " is not join=, publish= or members= with roles, anyone, user or nobody");
            }
        }
        return new ConfiguredRoomAccess(join, publish, members);
    }

    @Override
    public boolean mayJoin(Client client, Map<String, String> parts) {
        String owner = parts.get(USER);
        return has(client, join)
                && (owner == null || owner.equals(client.identity().name()));
    }

    @Override
    public boolean mayPublish(Client client, Map<String, String> parts) {
        return has(client, publish);
    }

    @Override
    public boolean maySeeMembers(Client client, Map<String, String> parts) {
        return has(client, members);
    }

    private static boolean has(Client client, Set<String> who) {
        return who.contains(ANYONE)
                || (who.contains(USER) && !client.identity().isAnonymous())
                || who.stream().anyMatch(role -> !WORDS.contains(role) && client.isInRole(role));
    }

    Set<String> roles() {
        Set<String> roles = new HashSet<>(join);
        roles.addAll(publish);
        roles.addAll(members);
        roles.removeAll(WORDS);
        return roles;
    }
}
