package dev.hubbub.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of rooms with parts: {@code order-{id}}, or {@code order-*} where the part needs no name.
 *
 * @param regex with a group for each part
 * @param names of the parts in their order, "" for a star
 * @param fixed how many characters are no part: of two patterns, the one with more of them says more
 * @param shape the same for two patterns that fit the same rooms
 */
record RoomPattern(Pattern regex, List<String> names, int fixed, String shape) {
    private static final Pattern PART = Pattern.compile("\\*|\\{([a-zA-Z][a-zA-Z0-9]*)}");

    static RoomPattern parse(String pattern) {
        StringBuilder regex = new StringBuilder();
        StringBuilder shape = new StringBuilder();
        List<String> names = new ArrayList<>();
        Matcher part = PART.matcher(pattern);
        int at = 0;
        while (part.find()) {
            fixed(pattern.substring(at, part.start()), regex, shape);
            regex.append(part.group(1) == null ? "(.*)" : "(.+)");
            shape.append('*');
            names.add(part.group(1) == null ? "" : part.group(1));
            at = part.end();
        }
        fixed(pattern.substring(at), regex, shape);
        List<String> named = names.stream().filter(name -> !name.isEmpty()).toList();
        if (new HashSet<>(named).size() < named.size()) {
            throw new IllegalArgumentException("Two parts of " + pattern + " have one name");
        }
        int count = (int) shape.chars().filter(c -> c != '*').count();
        return new RoomPattern(
                Pattern.compile(regex.toString(), Pattern.DOTALL), List.copyOf(names), count, shape.toString());
    }

    private static void fixed(String text, StringBuilder regex, StringBuilder shape) {
        if (text.matches(".*[{}].*")) {
            throw new IllegalArgumentException("A part is written as {name}, and not as in " + text);
        }
        regex.append(Pattern.quote(text));
        shape.append(text);
    }

    /** Null if the room is none of them. */
    Map<String, String> parts(String room) {
        Matcher matcher = regex.matcher(room);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                parts.put(names.get(i), matcher.group(i + 1));
            }
        }
        return parts;
    }
}
