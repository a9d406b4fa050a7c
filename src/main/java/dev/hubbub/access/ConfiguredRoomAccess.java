package dev.hubbub.access;

import dev.hubbub.Client;
import dev.hubbub.RoomAccess;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy from the settings. If its pattern has a part {@code {user}}, only the user of this name may join the room.
 *
 * @param join who may join: roles, {@link #ANYONE}, {@link #USER} (any authenticated user) or {@link #NOBODY}
 * @param publish who may send events to the room
 * @param members who may see the members
 * @param history who may read earlier events without being a member
 */
record ConfiguredRoomAccess(Set<String> join, Set<String> publish, Set<String> members, Set<String> history)
        implements RoomAccess {
    private static final String ANYONE = "anyone";
    private static final String USER = "user";
    private static final String NOBODY = "nobody";
    private static final Set<String> WORDS = Set.of(ANYONE, USER, NOBODY);

    /**
     * @param words the pattern, which is ignored here, and then {@code join=}, {@code publish=}, {@code members=} and {@code history=}
     * @throws IllegalArgumentException if a word is none of these, or one of them is given twice
     */
    static ConfiguredRoomAccess parse(String... words) {
        Set<String> join = Set.of(ANYONE);
        Set<String> publish = Set.of(ANYONE);
        Set<String> members = Set.of(ANYONE);
        Set<String> history = Set.of(NOBODY);
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            Set<String> who =
                    new HashSet<>(List.of(words[i].substring(equals + 1).split("\\|")));
            String what = equals < 0 ? "" : words[i].substring(0, equals);
            if (!seen.add(what)) {
                throw new IllegalArgumentException(what + "= is given twice for " + words[0]);
            }
            switch (what) {
                case "join" -> join = who;
                case "publish" -> publish = who;
                case "members" -> members = who;
                case "history" -> history = who;
                default ->
                    throw new IllegalArgumentException(words[i]
                            + " must be join=, publish=, members= or history= with roles, anyone, user or nobody");
            }
        }
        return new ConfiguredRoomAccess(join, publish, members, history);
    }

    @Override
    public boolean mayJoin(Client client, Map<String, String> parts) {
        String owner = parts.get(USER);
        return isOneOf(client, join)
                && (owner == null || owner.equals(client.identity().name()));
    }

    @Override
    public boolean mayPublish(Client client, Map<String, String> parts) {
        return isOneOf(client, publish);
    }

    @Override
    public boolean maySeeMembers(Client client, Map<String, String> parts) {
        return isOneOf(client, members);
    }

    @Override
    public boolean mayReadHistory(Client client, Map<String, String> parts) {
        return isOneOf(client, history);
    }

    private static boolean isOneOf(Client client, Set<String> who) {
        return who.contains(ANYONE)
                || (who.contains(USER) && !client.identity().isAnonymous())
                || who.stream().anyMatch(role -> !WORDS.contains(role) && client.isInRole(role));
    }

    /** All roles that this policy names. */
    Set<String> roles() {
        Set<String> roles = new HashSet<>(join);
        roles.addAll(publish);
        roles.addAll(members);
        roles.addAll(history);
        roles.removeAll(WORDS);
        return roles;
    }
}
