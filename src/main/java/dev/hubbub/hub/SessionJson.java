package dev.hubbub.hub;

import dev.hubbub.Data;
import dev.hubbub.Member;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.Json;
import dev.hubbub.json.Scanner;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A session as text, for another node. Of its attributes, texts, numbers, truth values, enums, records, lists and maps travel; a
 * list or a map is read as JSON is, whatever its elements were. Others stay behind.
 */
public final class SessionJson {
    private static final Map<String, Class<?>> SIMPLE = Map.of(
            "string", String.class,
            "boolean", Boolean.class,
            "int", Integer.class,
            "long", Long.class,
            "double", Double.class,
            "json", Object.class);

    private SessionJson() {}

    /** Rooms, positions and attributes. May take as long as the application's values need. */
    public static String write(Session session) {
        StringBuilder to = new StringBuilder("{\"rooms\":");
        Json.write(to, session.rooms());
        Json.write(to.append(",\"positions\":"), session.positions());
        to.append(",\"attributes\":{");
        int start = to.length();
        session.attributes().forEach((name, value) -> {
            String type = type(value);
            String json = type == null ? null : json(value);
            if (json != null) {
                Json.quote(to.length() == start ? to : to.append(','), name).append(":{\"type\":");
                Json.quote(to, type).append(",\"value\":").append(json).append('}');
            }
        });
        return to.append("}}").toString();
    }

    private static String json(Object value) {
        try {
            return Data.parse(Json.write(value)).json();
        } catch (RuntimeException notWritable) {
            return null;
        }
    }

    private static String type(Object value) {
        for (Map.Entry<String, Class<?>> simple : SIMPLE.entrySet()) {
            if (simple.getValue() == value.getClass() && value.getClass() != Object.class) {
                return simple.getKey();
            }
        }
        if (value instanceof Collection || value instanceof Map) {
            return "json";
        }
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        return isNamed(type) ? type.getName() : null;
    }

    /** Whether values of this class can be created without running more than a constructor of it. */
    private static boolean isNamed(Class<?> type) {
        return type.isRecord() || type.isEnum();
    }

    /**
     * @param json as {@link #write} has returned it, on any node
     * @throws RuntimeException if it is something else
     */
    public static Session read(String id, String secret, String user, String json) {
        String session = Data.parse(json).json();
        Map<String, Member> rooms = new LinkedHashMap<>();
        forEachMember(session, "rooms", (room, member) -> rooms.put(room, MemberJson.read(member)));
        Map<String, Long> positions = new HashMap<>();
        forEachMember(session, "positions", (epoch, number) -> positions.put(epoch, Long.valueOf(number)));
        Map<String, Object> attributes = new HashMap<>();
        forEachMember(session, "attributes", (name, attribute) -> {
            Object value = value(attribute);
            if (value != null) {
                attributes.put(name, value);
            }
        });
        return new Session(id, secret, null, user, rooms, positions, attributes);
    }

    private interface Visitor {
        void visit(String name, String json);
    }

    private static void forEachMember(String object, String name, Visitor visitor) {
        String member = Scanner.member(object, name);
        Scanner.forEachMember(
                member,
                (key, start, end) ->
                        visitor.visit(key, member.substring(start, end).strip()));
    }

    /** Null if this node does not have the class. */
    private static Object value(String attribute) {
        String name = Data.of(new CheckedJson(attribute)).string("type");
        try {
            Class<?> type = SIMPLE.containsKey(name) ? SIMPLE.get(name) : named(name);
            return isNamed(type) || SIMPLE.containsKey(name)
                    ? Json.read(Scanner.member(attribute, "value"), type)
                    : null;
        } catch (ClassNotFoundException | LinkageError | RuntimeException another) {
            return null;
        }
    }

    private static Class<?> named(String name) throws ClassNotFoundException {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        return Class.forName(name, false, application == null ? SessionJson.class.getClassLoader() : application);
    }
}
