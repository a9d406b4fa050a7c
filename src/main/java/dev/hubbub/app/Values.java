package dev.hubbub.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value of every setting as text, and the source that it comes from. */
public final class Values {
    private static final String PREFIX = "hubbub.";

    private static final String VARIABLE_PREFIX = "HUBBUB_";

    /** The password in a URL (RFC 3986, section 3.2.1). */
    private static final Pattern PASSWORD = Pattern.compile("(://[^/?#@\\s:]*:)[^/?#\\s]*@");

    /** In a JDBC URL. */
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("(?i)([?&;][^=&;]*password=)[^&;\\s]*");

    private static final Set<Setting> SECRETS =
            Set.of(Setting.JWT_SECRET, Setting.API_KEYS, Setting.ADMIN_KEY, Setting.CLUSTER_SECRET);

    /** The variables that Kubernetes and Docker links set for a service whose name begins with hubbub, and one that is no setting. */
    private static final Pattern OTHER_VARIABLES = Pattern.compile(
            "HUBBUB_TLS_PASSWORD|HUBBUB_(.+_)?(SERVICE_(HOST|PORT(_.+)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.+)?)?)");

    private static final List<Source> PROCESS = List.of(
            new Source(
                    "system property",
                    System::getProperty,
                    () -> System.getProperties().stringPropertyNames()),
            new Source(
                    "environment",
                    key -> System.getenv(Setting.variable(key)),
                    () -> System.getenv().keySet()));

    /** Somebody who has changed a value while Hubbub runs. */
    private static final Source OPERATOR = new Source("operator", key -> null);

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
    private final List<String> unknown = new ArrayList<>();

    /**
     * A source of values.
     *
     * @param name the name that logs and {@code --print-config} show
     * @param values returns the value of a key, or null
     * @param names all names that have a value, of settings and of anything else; none if the source cannot list them
     */
    public record Source(String name, UnaryOperator<String> values, Supplier<Set<String>> names) {
        /** A source that cannot list its names. */
        public Source(String name, UnaryOperator<String> values) {
            this(name, values, Set::of);
        }
    }

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
        sources.forEach(source -> unknown(source).forEach(name -> values.unknown.add(name + " (" + source.name + ")")));
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

    /**
     * These values with another one for a setting.
     *
     * @param text null for the value that {@code configured} has
     */
    Values with(Setting setting, String text, Values configured) {
        Values changed = new Values();
        changed.values.putAll(values);
        changed.unknown.addAll(unknown);
        changed.values.put(setting, text == null ? configured.values.get(setting) : new Value(text, OPERATOR));
        return changed;
    }

    /** The name of the source of a value; {@code default} for none. */
    String source(Setting setting) {
        return values.get(setting).toString();
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

    /** What is shown of every setting, by its key: the value and the source. Secrets are masked. */
    public Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>();
        values.entrySet().forEach(entry -> shown.put(entry.getKey().key(), shown(entry)));
        return shown;
    }

    private static String line(Map.Entry<Setting, Value> entry) {
        return entry.getKey().key() + " = " + shown(entry);
    }

    private static String shown(Map.Entry<Setting, Value> entry) {
        return shown(entry.getKey(), entry.getValue().text) + "  (" + entry.getValue() + ")";
    }

    static String shown(Setting setting, String text) {
        boolean inFile = setting == Setting.API_KEYS && ApiKeys.inFile(text.strip());
        if (SECRETS.contains(setting) && !text.isEmpty() && !inFile) {
            return "***";
        }
        return PASSWORD_PARAMETER
                .matcher(PASSWORD.matcher(text).replaceAll("$1***@"))
                .replaceAll("$1***");
    }

    /**
     * The names in the sources that look like settings but are none, each with its source: they are probably misspelt. In the
     * environment, names that Kubernetes sets for a service are no settings.
     */
    List<String> unknown() {
        return List.copyOf(unknown);
    }

    private static Set<String> unknown(Source source) {
        Set<String> unknown = new TreeSet<>(source.names.get());
        unknown.removeIf(name -> !name.startsWith(PREFIX) && !name.startsWith(VARIABLE_PREFIX));
        unknown.removeIf(name -> OTHER_VARIABLES.matcher(name).matches());
        for (Setting setting : Setting.values()) {
            unknown.remove(setting.key());
            unknown.remove(Setting.variable(setting.key()));
        }
        return unknown;
    }

    /** A line for each setting: the key, the value and the source. Secrets are masked. */
    @Override
    public String toString() {
        return values.entrySet().stream().map(Values::line).collect(Collectors.joining(System.lineSeparator()));
    }
}
