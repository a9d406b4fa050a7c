package dev.hubbub.contract;

import dev.hubbub.Namespace;
import dev.hubbub.contract.Contract.Events;
import dev.hubbub.contract.Contract.Received;
import dev.hubbub.contract.Contract.Sent;
import dev.hubbub.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a contract as AsyncAPI 3.0. Actions are those of the server: it receives what clients send. */
public final class AsyncApi {
    private final Contract contract;
    private final Map<String, Object> channels = new LinkedHashMap<>();
    private final Map<String, Object> operations = new LinkedHashMap<>();
    private final Map<String, Object> messages = new LinkedHashMap<>();

    private AsyncApi(Contract contract) {
        this.contract = contract;
    }

    /** The JSON document, indented. */
    public static String write(Contract contract) {
        StringBuilder to = new StringBuilder();
        write(to, new AsyncApi(contract).document(), "\n");
        return to.append('\n').toString();
    }

    private Map<String, Object> document() {
        messages.put("error", error());
        contract.namespaces().forEach(this::add);
        Map<String, Object> schemas = new LinkedHashMap<>();
        contract.types().forEach((name, type) -> schemas.put(name, object(type)));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("asyncapi", "3.0.0");
        document.put(
                "info",
                object(
                        "title", "Events of this application",
                        "version", "1",
                        "description",
                                "Each frame is one event: its name, its data, and an id if it is to be acknowledged."));
        document.put("defaultContentType", "application/json");
        document.put("channels", channels);
        document.put("operations", operations);
        document.put("components", object("messages", messages, "schemas", schemas));
        if (!contract.rooms().isEmpty()) {
            document.put("x-hubbub-rooms", contract.rooms());
        }
        return document;
    }

    private void add(Events events) {
        boolean main = events.namespace().equals(Namespace.MAIN);
        String channel = main ? "events" : key("events" + events.namespace(), channels);
        Map<String, Object> references = new LinkedHashMap<>();
        references.put("error", object("$ref", "#/components/messages/error"));
        Map<String, Object> described = object("address", main ? "/events" : "/socket.io/", "messages", references);
        if (!main) {
            described.put("x-hubbub-namespace", events.namespace());
        }
        channels.put(channel, described);
        for (Received event : events.received()) {
            String message = message(channel, references, "client." + event.name(), received(event));
            String ack = message(channel, references, "ack." + event.name(), ack(event));
            Map<String, Object> operation = operation("receive", channel, message);
            operation.put(
                    "reply",
                    object(
                            "channel",
                            object("$ref", "#/channels/" + channel),
                            "messages",
                            List.of(reference(channel, ack), reference(channel, "error"))));
            if (!event.errors().isEmpty()) {
                operation.put("x-hubbub-errors", event.errors());
            }
            if (event.roles() != null) {
                operation.put("x-hubbub-roles", event.roles());
            }
            operations.put(key(channel + ".receive." + event.name(), operations), operation);
        }
        for (Sent event : events.sent()) {
            String message = message(channel, references, "server." + event.name(), sent(event));
            operations.put(key(channel + ".send." + event.name(), operations), operation("send", channel, message));
        }
    }

    /** Adds a message to the components and to its channel. */
    private String message(String channel, Map<String, Object> references, String name, Map<String, Object> message) {
        String component = key(channel + "." + name, messages);
        messages.put(component, message);
        references.put(component, object("$ref", "#/components/messages/" + component));
        return component;
    }

    private static Map<String, Object> operation(String action, String channel, String message) {
        return object(
                "action",
                action,
                "channel",
                object("$ref", "#/channels/" + channel),
                "messages",
                List.of(reference(channel, message)));
    }

    private static Map<String, Object> reference(String channel, String message) {
        return object("$ref", "#/channels/" + channel + "/messages/" + message);
    }

    private static Map<String, Object> received(Received event) {
        Map<String, Object> data = event.data() == null ? object() : schema(event.data());
        if (event.room()) {
            Map<String, Object> room = object("type", "object", "properties", object("room", object("type", "string")));
            data = event.data() == null ? room : object("allOf", List.of(data, room));
        }
        Map<String, Object> payload = envelope(event.name(), data, event.required());
        @SuppressWarnings("unchecked") // as the envelope is built
        Map<String, Object> properties = (Map<String, Object>) payload.get("properties");
        properties.put("id", object("type", List.of("integer", "string")));
        Map<String, Object> message = object("name", event.name(), "payload", payload);
        if (event.attachment()) {
            message.put("x-hubbub-attachment", true);
        }
        return message;
    }

    private static Map<String, Object> ack(Received event) {
        Map<String, Object> payload = envelope("ack", schema(event.result()), false);
        return object("name", "ack", "title", "The acknowledgement of " + event.name(), "payload", payload);
    }

    private static Map<String, Object> sent(Sent event) {
        boolean none = event.data() instanceof Shape.Nothing;
        return object(
                "name", event.name(), "payload", envelope(event.name(), none ? object() : schema(event.data()), !none));
    }

    private Map<String, Object> error() {
        Map<String, Object> code = object("type", "string", "examples", contract.errors());
        Map<String, Object> data = object(
                "type", "object",
                "required", List.of("code", "message"),
                "properties", object("code", code, "message", object("type", "string")));
        return object("name", "error", "payload", envelope("error", data, true));
    }

    private static Map<String, Object> envelope(String name, Map<String, Object> data, boolean required) {
        return object(
                "type",
                "object",
                "required",
                required ? List.of("name", "data") : List.of("name"),
                "properties",
                object("name", object("const", name), "data", data));
    }

    private static Map<String, Object> object(Contract.ObjectType type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Contract.Member member : type.members()) {
            properties.put(member.name(), schema(member.shape()));
            if (member.required()) {
                required.add(member.name());
            }
        }
        Map<String, Object> schema = object("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> schema(Shape shape) {
        if (shape instanceof Shape.Nothing) {
            return object("type", "null");
        }
        if (shape instanceof Shape.Scalar scalar) {
            Map<String, Object> schema = object("type", scalar.type());
            if (scalar.format() != null) {
                schema.put("format", scalar.format());
            }
            return schema;
        }
        if (shape instanceof Shape.Choice choice) {
            return object("type", "string", "enum", choice.values());
        }
        if (shape instanceof Shape.Items items) {
            return object("type", "array", "items", schema(items.element()));
        }
        if (shape instanceof Shape.Entries entries) {
            return object("type", "object", "additionalProperties", schema(entries.value()));
        }
        if (shape instanceof Shape.Named named) {
            return object("$ref", "#/components/schemas/" + named.name());
        }
        if (shape instanceof Shape.Nullable nullable) {
            return object("oneOf", List.of(schema(nullable.shape()), object("type", "null")));
        }
        return object();
    }

    /** A free key for a name, of the characters that AsyncAPI allows. */
    private static String key(String name, Map<String, Object> taken) {
        String plain = name.replaceAll("[^a-zA-Z0-9._-]", "-");
        String key = plain;
        for (int i = 2; taken.containsKey(key); i++) {
            key = plain + "-" + i;
        }
        return key;
    }

    private static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    /** @param newline with the indentation of the value */
    private static void write(StringBuilder to, Object value, String newline) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                Json.quote(to.append(separator).append(newline).append("  "), (String) member.getKey())
                        .append(": ");
                write(to, member.getValue(), newline + "  ");
                separator = ",";
            }
            to.append(newline).append('}');
        } else {
            Json.write(to, value);
        }
    }
}
