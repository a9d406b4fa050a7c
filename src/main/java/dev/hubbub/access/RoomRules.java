package dev.hubbub.access;

import dev.hubbub.Client;
import dev.hubbub.RoomAccess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may do what in which rooms: the policies of the settings and those of the application. */
public final class RoomRules {
    private static final RoomAccess OPEN = (client, parts) -> true;
    private static final RoomAccess CLOSED = (client, parts) -> false;

    private final List<Rule> rules;
    private final RoomAccess otherwise;

    private record Rule(RoomPattern pattern, RoomAccess access) {}

    /** What holds for one room. */
    public record Right(RoomAccess access, Map<String, String> parts) {
        public boolean mayJoin(Client client) {
            return access.mayJoin(client, parts);
        }

        public boolean mayPublish(Client client) {
            return access.mayPublish(client, parts);
        }

        public boolean maySeeMembers(Client client) {
            return access.maySeeMembers(client, parts);
        }
    }

    private RoomRules(List<Rule> rules, RoomAccess otherwise) {
        this.rules = rules;
        this.otherwise = otherwise;
    }

    /** @param open whether clients may join rooms that no policy names */
    public static RoomRules none(boolean open) {
        return new RoomRules(List.of(), open ? OPEN : CLOSED);
    }

    /**
     * @param list {@code lobby; staff-* join=staff|admin publish=admin; inbox-{user} join=user members=nobody}
     * @param open as for {@link #none}
     * @throws IllegalArgumentException names the policy that is none
     */
    public static RoomRules parse(String list, boolean open) {
        RoomRules all = none(open);
        for (String entry : list.split(";")) {
            if (!entry.isBlank()) {
                String[] words = entry.strip().split("\\s+");
                all = all.with(words[0], ConfiguredRoomAccess.parse(words));
            }
        }
        return all;
    }

    /**
     * These, and one more.
     *
     * @throws IllegalArgumentException if the pattern is none, or there is a policy for the same rooms
     */
    public RoomRules with(String pattern, RoomAccess access) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(RoomPattern.parse(pattern), access));
        more.sort(Comparator.comparingInt((Rule rule) -> rule.pattern.fixed()).reversed());
        Set<String> shapes = new HashSet<>();
        for (Rule rule : more) {
            if (!shapes.add(rule.pattern.shape())) {
                throw new IllegalArgumentException("Two policies are for the rooms " + pattern);
            }
        }
        return new RoomRules(List.copyOf(more), otherwise);
    }

    public Right of(String room) {
        for (Rule rule : rules) {
            Map<String, String> parts = rule.pattern.parts(room);
            if (parts != null) {
                return new Right(rule.access, parts);
            }
        }
        return new Right(otherwise, Map.of());
    }

    /** The roles that the settings name: a container has to be asked for each. */
    public Set<String> roles() {
        Set<String> roles = new HashSet<>();
        for (Rule rule : rules) {
            if (rule.access instanceof ConfiguredRoomAccess grants) {
                roles.addAll(grants.roles());
            }
        }
        return roles;
    }
}
