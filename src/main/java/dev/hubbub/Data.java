package dev.hubbub;

import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.Json;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.JsonText;
import dev.hubbub.json.MemberException;
import dev.hubbub.json.Scanner;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The data of an event. It stays JSON text until a method reads it, so forwarding it needs no parsing. Immutable.
 *
 * <pre>{@code
 * data.as(Bid.class)                      // binds it to a class with JSON-B
 * data.string("room")                     // reads one member
 * data.with("from", client.id())          // returns a copy with a member added or replaced
 * }</pre>
 */
public final class Data implements JsonText {
    /**
     * The data of an event that has none, which reads as the JSON value {@code null}. A Socket.IO client receives an event with
     * this data without an argument, and one with {@code Data.of(null)} with the argument {@code null}.
     */
    public static final Data NULL = new Data("null");

    private final String json;
    private final boolean arguments;

    private Data(String json) {
        this(json, false);
    }

    private Data(String json, boolean arguments) {
        this.json = json;
        this.arguments = arguments;
    }

    /**
     * Data from JSON text.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value (RFC 8259)
     */
    public static Data parse(String json) {
        try {
            Scanner.checkValue(json);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new Data(json.strip());
    }

    /**
     * Data from a value that JSON-B can write.
     *
     * @throws jakarta.json.bind.JsonbException if JSON-B cannot write the value
     */
    public static Data of(Object value) {
        if (value instanceof Data data) {
            return data;
        }
        return value instanceof CheckedJson checked
                ? new Data(checked.json(), checked.arguments())
                : new Data(Json.write(value));
    }

    /**
     * Data of several arguments. A Socket.IO client receives them as separate arguments ({@code socket.on("move", (x, y) =>
     * ...)}), and an event that it sends with several arguments has such data. For all other clients it is an array.
     */
    public static Data arguments(Object... values) {
        return new Data(Json.write(List.of(values)), true);
    }

    /** Whether this is an array of several arguments, see {@link #arguments}. */
    public boolean isArguments() {
        return arguments;
    }

    /** The JSON text. */
    @Override
    public String json() {
        return json;
    }

    /** Whether this is the JSON value {@code null}, or {@linkplain #isNone no data}. */
    public boolean isNull() {
        return json.equals("null");
    }

    /** Whether an event has no data at all, not even {@code null}. */
    public boolean isNone() {
        return this == NULL;
    }

    public boolean isObject() {
        return json.charAt(0) == '{';
    }

    /**
     * Binds the data to a class with JSON-B; records need not be public.
     *
     * @throws EventException {@code invalid-data} if it does not bind
     */
    @SuppressWarnings("unchecked") // JSON-B returns the requested type; Class.cast would reject int.class
    public <T> T as(Class<T> type) {
        return (T) as((Type) type);
    }

    /**
     * Binds the data to a generic type with JSON-B.
     *
     * @throws EventException {@code invalid-data} if it does not bind
     */
    public Object as(Type type) {
        try {
            return Json.read(json, type);
        } catch (RuntimeException e) {
            throw new EventException(EventException.INVALID_DATA, problem(e), e);
        }
    }

    /** How Yasson names the member of a class; the rest of its message has names of classes, which a client must not see. */
    private static final Pattern PROPERTY = Pattern.compile("property '([\\w-]{1,64})'");

    private static String problem(RuntimeException failure) {
        if (failure instanceof MemberException member) {
            return member.getMessage();
        }
        Matcher property = PROPERTY.matcher(String.valueOf(failure.getMessage()));
        return property.find()
                ? "The member \"" + property.group(1) + "\" does not have the expected form"
                : "The data does not have the expected form";
    }

    /**
     * A string member of an object.
     *
     * @return null if this is not an object, or the member is missing or null
     * @throws EventException {@code invalid-data} if the member is not a string
     */
    public String string(String member) {
        String value = isObject() ? Scanner.member(json, member) : null;
        if (value == null || value.equals("null")) {
            return null;
        }
        if (value.charAt(0) != '"') {
            throw new EventException(EventException.INVALID_DATA, "The member \"" + member + "\" must be a string");
        }
        return Scanner.unquote(value);
    }

    /**
     * An integer member of an object.
     *
     * @return null if this is not an object, or the member is missing or null
     * @throws EventException {@code invalid-data} if the member is not an integer of at most 18 digits
     */
    public Long integer(String member) {
        String value = isObject() ? Scanner.member(json, member) : null;
        if (value == null || value.equals("null")) {
            return null;
        }
        if (!value.matches("-?[0-9]{1,18}")) {
            throw new EventException(EventException.INVALID_DATA, "The member \"" + member + "\" must be an integer");
        }
        return Long.valueOf(value);
    }

    /**
     * A member of an object, whatever its type.
     *
     * @return null if this is not an object, or the member is missing
     */
    public Data member(String name) {
        String value = isObject() ? Scanner.member(json, name) : null;
        return value == null ? null : new Data(value);
    }

    /**
     * A copy of this object with these members at its beginning; they replace members with the same name.
     *
     * @param members names and values in turn; a value is anything that JSON-B can write
     * @throws EventException {@code invalid-data} if this is neither an object nor null
     */
    public Data with(Object... members) {
        if (!isObject() && !isNull()) {
            throw new EventException(EventException.INVALID_DATA, "The data must be an object");
        }
        StringBuilder to = new StringBuilder(json.length() + 32 * members.length).append('{');
        for (int i = 0; i < members.length; i += 2) {
            Json.quote(to, (String) members[i])
                    .append(':')
                    .append(Json.write(members[i + 1]))
                    .append(',');
        }
        if (isObject()) {
            Scanner.forEachMember(json, (name, start, end) -> {
                for (int i = 0; i < members.length; i += 2) {
                    if (members[i].equals(name)) {
                        return;
                    }
                }
                Json.quote(to, name).append(':').append(json, start, end).append(',');
            });
        }
        if (to.length() > 1) {
            to.setLength(to.length() - 1); // the last comma
        }
        return new Data(to.append('}').toString());
    }

    /** A copy of this object without these members; this data if it is not an object. */
    public Data without(String... members) {
        if (!isObject()) {
            return this;
        }
        List<String> omitted = List.of(members);
        StringBuilder to = new StringBuilder(json.length()).append('{');
        Scanner.forEachMember(json, (name, start, end) -> {
            if (!omitted.contains(name)) {
                Json.quote(to.length() == 1 ? to : to.append(','), name)
                        .append(':')
                        .append(json, start, end);
            }
        });
        return new Data(to.append('}').toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data data && data.json.equals(json);
    }

    @Override
    public int hashCode() {
        return Objects.hash(json);
    }

    @Override
    public String toString() {
        return json;
    }
}
