package dev.hubbub.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of room names: {@code order-{id}} has a named part, {@code order-*} an unnamed one.
 *
 * @param regex has a group for each part
 * @param names the names of the parts in order; "" for a star
 * @param literals the number of characters outside of parts; of two patterns, the one with more of them is more specific
 * @param shape the pattern with a star for each part; equal for two patterns that match the same rooms
 */
public record RoomPattern(Pattern regex, List<String> names, int literals, String shape) {
    private static final Pattern PART = Pattern.compile("\\*|\\{([a-zA-Z][a-zA-Z0-9]*)}");

    /** @throws IllegalArgumentException if the text is not a pattern */
    public static RoomPattern parse(String pattern) {
        StringBuilder regex = new StringBuilder();
        StringBuilder shape = new StringBuilder();
        List<String> names = new ArrayList<>();
        Matcher part = PART.matcher(pattern);
        int at = 0;
        while (part.find()) {
            appendLiteral(pattern.substring(at, part.start()), regex, shape);
            regex.append(part.group(1) == null ? "(.*)" : "(.+)");
            shape.append('*');
            names.add(part.group(1) == null ? "" : part.group(1));
            at = part.end();
        }
        appendLiteral(pattern.substring(at), regex, shape);
        List<String> named = names.stream().filter(name -> !name.isEmpty()).toList();
        if (new HashSet<>(named).size() < named.size()) {
            throw new IllegalArgumentException("Two parts of " + pattern + " have the same name");
        }
        int literals = (int) shape.chars().filter(c -> c != '*').count();
        return new RoomPattern(
                Pattern.compile(regex.toString(), Pattern.DOTALL), List.copyOf(names), literals, shape.toString());
    }

    private static void appendLiteral(String text, StringBuilder regex, StringBuilder shape) {
        if (text.matches(".*[{}].*")) {
            throw new IllegalArgumentException("A part must be written as {name}, not as in " + text);
        }
        regex.append(Pattern.quote(text));
        shape.append(text);
    }

    /** Whether some room name matches both patterns. */
    boolean overlaps(RoomPattern other) {
        return overlaps(shape, other.shape);
    }

    /**
     * Whether two shapes have a name in common. {@code common[i][j]} says that of the rest of the first from i and of the second
     * from j. A star is any number of characters here, also for a part that must not be empty: that finds an overlap too many
     * in rare cases, and none too few.
     */
    private static boolean overlaps(String first, String second) {
        boolean[][] common = new boolean[first.length() + 1][second.length() + 1];
        for (int i = first.length(); i >= 0; i--) {
            for (int j = second.length(); j >= 0; j--) {
                boolean firstEnds = i == first.length();
                boolean secondEnds = j == second.length();
                if (firstEnds && secondEnds) {
                    common[i][j] = true;
                } else if (!firstEnds && first.charAt(i) == '*') {
                    common[i][j] = common[i + 1][j] || (!secondEnds && common[i][j + 1]);
                } else if (!secondEnds && second.charAt(j) == '*') {
                    common[i][j] = common[i][j + 1] || (!firstEnds && common[i + 1][j]);
                } else {
                    common[i][j] =
                            !firstEnds && !secondEnds && first.charAt(i) == second.charAt(j) && common[i + 1][j + 1];
                }
            }
        }
        return common[0][0];
    }

    /** The named parts of a room's name; null if the room does not match. */
    public Map<String, String> parts(String room) {
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
