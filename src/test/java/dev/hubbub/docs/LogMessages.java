package dev.hubbub.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the messages that the sources log, with … for what varies. */
final class LogMessages {
    private static final Path SOURCES = Path.of("src/main/java");

    /** The calls of a logger, and of the class that is given messages for one. */
    private static final Pattern CALL = Pattern.compile(
            "(?:\\b(?:LOG|AUDIT)|\"dev\\.hubbub[a-z.]*\"\\))\\s*\\.log\\(|new CapacityWatch\\.Gauge\\(|new Gauge\\(");

    private static final Pattern LEVEL = Pattern.compile("Level\\.(INFO|WARNING|ERROR|DEBUG)");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String VARIES = "…";

    private LogMessages() {}

    /**
     * The levels of all messages, by message; "" for a level that varies. Of messages that are given by other code, the name of the
     * file.
     */
    static Map<String, String> all() throws IOException {
        Map<String, String> messages = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file).replaceAll("(?m)\\s// .*$", "");
                Matcher call = CALL.matcher(source);
                while (call.find()) {
                    List<String> arguments = split(source, call.end(), ',');
                    if (call.group().startsWith("new")) {
                        arguments.stream()
                                .filter(argument -> argument.contains("\""))
                                .forEach(argument -> messages.put(message(argument), ""));
                    } else {
                        add(messages, arguments, file);
                    }
                }
            }
        }
        return messages;
    }

    private static void add(Map<String, String> messages, List<String> arguments, Path file) {
        Matcher level = LEVEL.matcher(arguments.get(0));
        String levels = level.find() ? level.group(1) : "";
        boolean several = level.find();
        String argument = arguments.get(1);
        List<String> branches = split(argument + ")", 0, '?');
        List<String> alternatives = branches.size() < 2 ? branches : split(branches.get(1) + ")", 0, ':');
        for (String alternative : alternatives) {
            String message = message(alternative);
            messages.put(message.equals(VARIES) ? file.getFileName().toString() : message, several ? "" : levels);
        }
    }

    /** Splits source text from an index to the closing bracket at the separators that are not in brackets or literals. */
    private static List<String> split(String source, int start, char separator) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int begin = start;
        for (int i = start; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '"') {
                i = endOfLiteral(source, i);
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && depth-- == 0) {
                parts.add(source.substring(begin, i));
                return parts;
            } else if (c == separator && depth == 0) {
                parts.add(source.substring(begin, i));
                begin = i + 1;
            }
        }
        throw new IllegalArgumentException("No end: " + source.substring(start));
    }

    private static int endOfLiteral(String source, int start) {
        int i = start + 1;
        while (source.charAt(i) != '"') {
            i += source.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }

    /** The message of an expression that concatenates literals and other things. */
    private static String message(String expression) {
        StringBuilder message = new StringBuilder();
        for (String part : split(expression.replaceFirst("^\\s*\\(\\) ->", "") + ")", 0, '+')) {
            Matcher literal = LITERAL.matcher(part.strip());
            message.append(literal.matches() ? literal.group(1).translateEscapes() : VARIES);
        }
        return message.toString().replaceAll("\\{\\d}", VARIES);
    }
}
