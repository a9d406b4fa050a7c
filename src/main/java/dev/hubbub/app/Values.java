package dev.hubbub.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The value of every setting as it was given, and where it came from. */
public final class Values {
    private static final String PREFIX = "hubbub.";

    private static final List<Source> ALWAYS = List.of(
            new Source("system property", System::getProperty),
            new Source("environment", key -> System.getenv(Setting.variable(key))));

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);

    /**
     * A place where values are looked for.
     *
     * @param name shown to operators
     * @param values gives the value of a key, or null
     */
    public record Source(String name, UnaryOperator<String> values) {}

    /** @param source null for the default */
    record Value(String text, Source source) {
        @Override
        public String toString() {
            return source == null ? "default" : source.name;
        }
    }

    /**
     * Looks for every setting in the system properties, the environment, and then in the container's places.
     *
     * @param container of which the first that has a value gives it
     */
    public static Values from(Source... container) {
        List<Source> sources = new ArrayList<>(ALWAYS);
        sources.addAll(Arrays.asList(container));
        Values values = new Values();
        for (Setting setting : Setting.values()) {
            values.values.put(setting, find(setting, sources));
        }
        return values;
    }

    private static Value find(Setting setting, List<Source> sources) {
        for (Source source : sources) {
            String text = source.values.apply(setting.key());
            if (text != null) {
                return new Value(text, source);
            }
        }
        return new Value(setting.defaultValue(), null);
    }

    String text(Setting setting) {
        return values.get(setting).text;
    }

    /** A line for each setting that is not left at its default: the key, the value, the place. */
    public List<String> changed() {
        return values.entrySet().stream()
                .filter(entry -> entry.getValue().source != null)
                .map(Values::line)
                .toList();
    }

    private static String line(Map.Entry<Setting, Value> entry) {
        String text = entry.getValue().text;
        boolean secret = entry.getKey() == Setting.JWT_SECRET && !text.isEmpty();
        return entry.getKey().key() + " = " + (secret ? "***" : text) + "  (" + entry.getValue() + ")";
    }

    /** System properties that look like settings and are none, as a misspelt one does. */
    static Set<String> unknown() {
        Set<String> known = Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>(System.getProperties().stringPropertyNames());
        unknown.removeIf(key -> !key.startsWith(PREFIX) || known.contains(key));
        return unknown;
    }

    /** Every setting, a line each. */
    @Override
    public String toString() {
        return values.entrySet().stream().map(Values::line).collect(Collectors.joining(System.lineSeparator()));
    }
}
