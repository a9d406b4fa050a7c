package dev.hubbub.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the members of a room are told of each other. To tell each of each who comes and goes is traffic that grows with
 * the square of the members, so a room that is not named here does it while it is small.
 */
public final class PresenceRules {
    private final List<Rule> rules;
    private final Presence otherwise;

    private PresenceRules(List<Rule> rules, Presence otherwise) {
        this.rules = rules;
        this.otherwise = otherwise;
    }

    /**
     * @param told whether anything is told at all
     * @param limit members up to which each is told of each; beyond, all are told how many there are
     */
    record Presence(boolean told, int limit) {}

    /** Members are told nothing. */
    static final Presence NONE = new Presence(false, 0);

    private record Rule(Pattern rooms, Presence presence) {}

    /**
     * @param list {@code lobby=full, ticker-*=off, *=count}: the first that fits a room holds; {@code *} is any characters
     * @param limit for {@code auto}, which is also what holds for a room that nothing fits
     * @throws IllegalArgumentException names the entry that is none
     */
    public static PresenceRules parse(String list, int limit) {
        Presence auto = new Presence(true, limit);
        List<Rule> rules = new ArrayList<>();
        for (String entry : list.split(",")) {
            if (!entry.isBlank()) {
                int equals = entry.lastIndexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(entry.strip() + " names no rooms");
                }
                Presence presence = switch (entry.substring(equals + 1).strip()) {
                    case "auto" -> auto;
                    case "full" -> new Presence(true, Integer.MAX_VALUE);
                    case "count" -> new Presence(true, 0);
                    case "off" -> NONE;
                    default -> throw new IllegalArgumentException(entry.strip() + " is not auto, full, count or off");
                };
                rules.add(new Rule(pattern(entry.substring(0, equals).strip()), presence));
            }
        }
        return new PresenceRules(List.copyOf(rules), auto);
    }

    private static Pattern pattern(String rooms) {
        String regex = Stream.of(rooms.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL);
    }

    Presence of(String room) {
        for (Rule rule : rules) {
            if (rule.rooms.matcher(room).matches()) {
                return rule.presence;
            }
        }
        return otherwise;
    }
}
