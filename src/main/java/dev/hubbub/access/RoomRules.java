package dev.hubbub.access;

import dev.hubbub.RoomAccess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The policies of all rooms: those of the settings and those of the application. Immutable. */
public final class RoomRules {
    private static final RoomAccess OPEN = (client, parts) -> true;
    private static final RoomAccess CLOSED = (client, parts) -> false;

    /** The most specific pattern first. */
    private final List<Rule> rules;

    /** Decides about rooms that no policy matches. */
    private final RoomAccess otherwise;

    private record Rule(RoomPattern pattern, RoomAccess access) {
        boolean mayBlock() {
            return !(access instanceof ConfiguredRoomAccess);
        }
    }

    private RoomRules(List<Rule> rules, RoomAccess otherwise) {
        this.rules = rules;
        this.otherwise = otherwise;
    }

    /**
     * No policies.
     *
     * @param open whether clients may join rooms that no policy matches
     */
    public static RoomRules none(boolean open) {
        return new RoomRules(List.of(), open ? OPEN : CLOSED);
    }

    /**
     * @param list policies, separated by semicolons: {@code lobby; staff-* join=staff|admin publish=admin; inbox-{user}
     *     join=user members=nobody}
     * @param open as for {@link #none}
     * @throws IllegalArgumentException if one of them is not a policy; the message names it
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
     * A copy with one more policy.
     *
     * @throws IllegalArgumentException if the pattern is invalid, or another policy that is as specific matches some of the same
     *     rooms, so that it would be unclear which of them decides
     */
    public RoomRules with(String pattern, RoomAccess access) {
        RoomPattern parsed = RoomPattern.parse(pattern);
        for (Rule rule : rules) {
            if (rule.pattern.literals() == parsed.literals() && rule.pattern.overlaps(parsed)) {
                throw new IllegalArgumentException("Two policies that are equally specific match the same rooms: "
                        + rule.pattern.shape() + " and " + pattern);
            }
        }
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(parsed, access));
        more.sort(
                Comparator.comparingInt((Rule rule) -> rule.pattern.literals()).reversed());
        return new RoomRules(List.copyOf(more), otherwise);
    }

    /** Whether some policies are code of the application, which may block. */
    public boolean mayBlock() {
        return rules.stream().anyMatch(Rule::mayBlock);
    }

    /** What clients may do in this room. The most specific policy decides alone. */
    public RoomPermissions permissions(String room) {
        for (Rule rule : rules) {
            Map<String, String> parts = rule.pattern.parts(room);
            if (parts != null) {
                return new RoomPermissions(rule.access, parts, rule.mayBlock());
            }
        }
        return new RoomPermissions(otherwise, Map.of(), false);
    }

    /** The roles that the policies of the settings name. A container has to be asked for each one. */
    public Set<String> roles() {
        Set<String> roles = new HashSet<>();
        for (Rule rule : rules) {
            if (rule.access instanceof ConfiguredRoomAccess configured) {
                roles.addAll(configured.roles());
            }
        }
        return roles;
    }
}
