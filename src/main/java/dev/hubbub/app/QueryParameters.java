package dev.hubbub.app;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a URL's query, decoded as UTF-8 (URL Standard, section 5.1). The only parser of queries in Hubbub: containers
 * have their own, which differ in encoding and in what they take for broken, and what admission has seen must be what the
 * transports see.
 *
 * @param all the values of each parameter in their order
 */
public record QueryParameters(Map<String, List<String>> all) {
    /** @param query as it stands in the URL; null for none. An escape that is broken stands for itself */
    public static QueryParameters parse(String query) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                all.computeIfAbsent(decoded(name), key -> new ArrayList<>(1)).add(decoded(value));
            }
        }
        return new QueryParameters(all);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }

    /** The first value of a parameter; null if there is none. */
    public String first(String name) {
        List<String> values = all.get(name);
        return values == null ? null : values.get(0);
    }

    /** All values of a parameter; empty if there are none. */
    public List<String> values(String name) {
        return all.getOrDefault(name, List.of());
    }
}
