package dev.hubbub.json;

import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Converts values to JSON text and back with JSON-B. Common types are written here, because it is faster. */
public final class Json {
    // One for all: Jsonb is thread-safe and slow to create (Jakarta JSON Binding 3.0, section 3).
    private static final Jsonb JSONB = JsonbBuilder.create();

    private Json() {}

    /**
     * @throws RuntimeException if the text does not bind to the type; a JsonbException, a JsonException, or one of the JDK
     */
    public static Object read(String json, Type type) {
        return Records.canRead(type) ? Records.read(json, type) : JSONB.fromJson(json, type);
    }

    /**
     * @throws jakarta.json.bind.JsonbException if the value cannot be written
     */
    public static String write(Object value) {
        StringBuilder to = new StringBuilder();
        write(to, value);
        return to.toString();
    }

    /**
     * Appends a value.
     *
     * @throws jakarta.json.bind.JsonbException if the value cannot be written
     */
    public static void write(StringBuilder to, Object value) {
        if (value == null
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Boolean
                || value instanceof JsonValue) {
            to.append(value);
        } else if (value instanceof String string) {
            quote(to, string);
        } else if (value instanceof JsonText text) {
            to.append(text.json());
        } else if (value instanceof Record record) {
            Records.write(to, record);
        } else if (value instanceof Optional<?> optional) {
            write(to, optional.orElse(null));
        } else if (value instanceof Collection<?> elements) {
            to.append('[');
            int start = to.length();
            for (Object element : elements) {
                write(to.length() == start ? to : to.append(','), element);
            }
            to.append(']');
        } else if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
            to.append('{');
            int start = to.length();
            map.forEach((name, member) -> {
                quote(to.length() == start ? to : to.append(','), (String) name).append(':');
                write(to, member);
            });
            to.append('}');
        } else {
            to.append(JSONB.toJson(value));
        }
    }

    /** Appends a JSON string. Lone surrogates are escaped, because UTF-8 cannot encode them. */
    public static StringBuilder quote(StringBuilder to, String string) {
        to.append('"');
        int plain = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < string.length()
                    && Character.isLowSurrogate(string.charAt(i + 1))) {
                i++;
                continue;
            }
            to.append(string, plain, i);
            plain = i + 1;
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> to.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            }
        }
        return to.append(string, plain, string.length()).append('"');
    }
}
