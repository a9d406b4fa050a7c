package dev.hubbub.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value of every setting as text, and the source that it comes from. */
public final class Values {
    private static final String PREFIX = "hubbub.";

    /** The password in a URL (RFC 3986, section 3.2.1). */
    private static final Pattern PASSWORD = Pattern.compile("(://[^/?#@\\s:]*:)[^/?#\\s]*@");

    /** In a JDBC URL. */
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("(?i)([?&;](?:ssl)?password=)[^&;\\s]*");

    private static final Set<Setting> SECRETS = Set.of(Setting.JWT_SECRET, Setting.API_KEYS, Setting.CLUSTER_SECRET);

    private static final List<Source> PROCESS = List.of(
            new Source("system property", System::getProperty),
            new Source("environment", key -> System.getenv(Setting.variable(key))));

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);

    /**
     * A source of values.
     *
     * @param name the name that logs and {@code --print-config} show
     * @param values returns the value of a key, or null
     */
    public record Source(String name, UnaryOperator<String> values) {}

    /** @param source null for the default value */
    record Value(String text, Source source) {
        @Override
        public String toString() {
            return source == null ? "default" : source.name;
        }
    }

    /**
     * Reads every setting from the system properties, then the environment, then the sources of the container. The first value
     * found is used.
     *
     * @param container the sources of the container in their order
     */
    public static Values from(Source... container) {
        List<Source> sources = new ArrayList<>(PROCESS);
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

    /** A line for each setting that has a value from a source: the key, the value and the source. Secrets are masked. */
    public List<String> changed() {
        return values.entrySet().stream()
                .filter(entry -> entry.getValue().source != null)
                .map(Values::line)
                .toList();
    }

    private static String line(Map.Entry<Setting, Value> entry) {
        String text = entry.getValue().text;
        boolean secret = SECRETS.contains(entry.getKey()) && !text.isEmpty();
        String shown = secret
                ? "***"
                : PASSWORD_PARAMETER
                        .matcher(PASSWORD.matcher(text).replaceAll("$1***@"))
                        .replaceAll("$1***");
        return entry.getKey().key() + " = " + shown + "  (" + entry.getValue() + ")";
    }

    /** System properties that begin with {@code hubbub.} but are not settings: they are probably misspelt. */
    static Set<String> unknown() {
        Set<String> known = Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>(System.getProperties().stringPropertyNames());
        unknown.removeIf(key -> !key.startsWith(PREFIX) || known.contains(key));
        return unknown;
    }

    /** A line for each setting: the key, the value and the source. Secrets are masked. */
    @Override
    public String toString() {
        return values.entrySet().stream().map(Values::line).collect(Collectors.joining(System.lineSeparator()));
    }
}
