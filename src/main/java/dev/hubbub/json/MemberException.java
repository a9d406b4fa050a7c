package dev.hubbub.json;

import jakarta.json.bind.JsonbException;

/** A member of an object, or an element of an array, does not bind. The message tells which and what it must be. */
public final class MemberException extends JsonbException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String problem;

    private MemberException(String path, String problem, Throwable cause) {
        super("The member \"" + path + "\" " + problem, cause);
        this.path = path;
        this.problem = problem;
    }

    static MemberException missing(String name) {
        return new MemberException(name, "is missing", null);
    }

    /** @param type what it must be */
    static MemberException of(String name, Class<?> type, RuntimeException cause) {
        if (cause instanceof MemberException inner) {
            String separator = inner.path.startsWith("[") ? "" : ".";
            return new MemberException(name + separator + inner.path, inner.problem, cause);
        }
        return new MemberException(name, "must be " + form(type), cause);
    }

    private static String form(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "an integer";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == double.class || type == float.class || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (type.isEnum()) {
            return "one of "
                    + java.util.Arrays.toString(type.getEnumConstants()).replaceAll("[\\[\\]]", "");
        }
        if (type.isRecord() || java.util.Map.class.isAssignableFrom(type)) {
            return "an object";
        }
        return type.isArray() || java.util.Collection.class.isAssignableFrom(type)
                ? "an array"
                : "of another form"; // never the name of a class
    }
}
