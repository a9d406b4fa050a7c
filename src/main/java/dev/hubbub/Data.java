package dev.hubbub;

import dev.hubbub.json.Json;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.JsonText;
import dev.hubbub.json.Scanner;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;

/**
 * An event's data: JSON that stays text until somebody asks for more. Passing it on costs no parsing.
 *
 * <pre>{@code
 * data.as(Bid.class)                      // bound by JSON-B
 * data.string("room")                     // one member, the rest untouched
 * data.with("from", client.id())          // a copy with a member replaced or added
 * }</pre>
 */
public final class Data implements JsonText {
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
     * @throws IllegalArgumentException if this is not one JSON value (RFC 8259)
     */
    public static Data parse(String json) {
        try {
            Scanner.checkValue(json);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new Data(json.strip());
    }

    /** A value as JSON-B writes it. */
    public static Data of(Object value) {
        return value instanceof Data data ? data : new Data(Json.write(value));
    }

    /**
     * Several values at once: a Socket.IO client gets them as several arguments ({@code socket.on("move", (x, y) => ...)}), and
     * what such a client sends as several arguments is read as this. For all others it is an array.
     */
    public static Data arguments(Object... values) {
        return new Data(Json.write(List.of(values)), true);
    }

    /** Takes JSON that is known to be well-formed, without looking. */
    public static Data trusted(String json) {
        return new Data(json);
    }

    /** This array as {@link #arguments}. */
    public Data asArguments() {
        return new Data(json, true);
    }

    /** Whether it is an array of {@link #arguments}. */
    public boolean isArguments() {
        return arguments;
    }

    /** The JSON text. */
    @Override
    public String json() {
        return json;
    }

    public boolean isNull() {
        return json.equals("null");
    }

    public boolean isObject() {
        return json.charAt(0) == '{';
    }

    /**
     * @throws EventException {@code invalid-data} if it does not bind
     */
    @SuppressWarnings("unchecked") // JSON-B gives what was asked for; Class.cast would refuse int.class
    public <T> T as(Class<T> type) {
        return (T) as((Type) type);
    }

    /**
     * Binds to a generic type.
     *
     * @throws EventException {@code invalid-data} if it does not bind
     */
    public Object as(Type type) {
        try {
            return Json.read(json, type);
        } catch (RuntimeException e) {
            throw new EventException(
                    EventException.INVALID_DATA, "The data does not have the form that is expected", e);
        }
    }

    /**
     * A member of an object.
     *
     * @return null if this is no object, or has no such member, or it is null
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
     * A copy of this object in which these members come first and replace those of the same name.
     *
     * @param members names and values in turn; a value is anything that JSON-B writes
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

    /** A copy of this object without these members; itself if it is no object. */
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
