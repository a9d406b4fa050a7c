package dev.hubbub.cluster;

import dev.hubbub.Data;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.Json;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.Scanner;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The data of an event as Socket.IO's servers exchange it, with bytes as values, and as Hubbub has it: JSON with placeholders of
 * attachments.
 */
final class SocketIoValues {
    private static final JsonReaderFactory READERS = JsonProvider.provider().createReaderFactory(Map.of());
    private static final String PLACEHOLDER = "_placeholder";
    private static final String NUMBER = "num";

    private SocketIoValues() {}

    /**
     * Arguments of an event as its data, as an event of a Socket.IO client has it: none, one, or an array of several; attachments at
     * the end are left out.
     *
     * @param attachments bytes are added to them
     */
    static Data data(List<?> arguments, List<ByteBuffer> attachments) {
        int shown = arguments.size();
        while (shown > 0 && arguments.get(shown - 1) instanceof byte[]) {
            shown--;
        }
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < shown; i++) {
            write(i == 0 ? json : json.append(','), arguments.get(i), attachments);
        }
        for (Object last : arguments.subList(shown, arguments.size())) {
            attachments.add(ByteBuffer.wrap((byte[]) last));
        }
        return switch (shown) {
            case 0 -> Data.NULL;
            case 1 -> Data.of(new CheckedJson(json.toString()));
            default -> Data.of(new CheckedJson("[" + json + "]", true));
        };
    }

    private static void write(StringBuilder to, Object value, List<ByteBuffer> attachments) {
        if (value instanceof byte[] bytes) {
            to.append("{\"" + PLACEHOLDER + "\":true,\"" + NUMBER + "\":")
                    .append(attachments.size())
                    .append('}');
            attachments.add(ByteBuffer.wrap(bytes));
        } else if (value instanceof List<?> elements) {
            to.append('[');
            int start = to.length();
            elements.forEach(element -> write(to.length() == start ? to : to.append(','), element, attachments));
            to.append(']');
        } else if (value instanceof Map<?, ?> members) {
            to.append('{');
            int start = to.length();
            members.forEach((name, member) -> {
                Json.quote(to.length() == start ? to : to.append(','), (String) name)
                        .append(':');
                write(to, member, attachments);
            });
            to.append('}');
        } else if (value instanceof Double number) {
            number(to, number);
        } else if (value instanceof String string) {
            Json.quote(to, string);
        } else {
            to.append(value); // null, true, false, a whole number
        }
    }

    private static void number(StringBuilder to, double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            to.append("null"); // as JSON.stringify
        } else if (number == (long) number && Math.abs(number) < 1L << 53) {
            to.append((long) number);
        } else {
            to.append(number);
        }
    }

    /** The arguments of an event with this data. Attachments without a placeholder come last. */
    static List<Object> arguments(Data data, List<ByteBuffer> attachments) {
        boolean[] used = new boolean[attachments.size()];
        List<Object> arguments = new ArrayList<>();
        if (data.isArguments()) {
            for (JsonValue value : array(data.json())) {
                arguments.add(value(value, attachments, used));
            }
        } else if (!data.isNone()) {
            arguments.add(value(array("[" + data.json() + "]").get(0), attachments, used));
        }
        for (int i = 0; i < used.length; i++) {
            if (!used[i]) {
                arguments.add(bytes(attachments.get(i)));
            }
        }
        return arguments;
    }

    /** @throws IllegalArgumentException if this is not JSON */
    static Object parse(String json) {
        try {
            Scanner.checkValue(json);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
        return value(array("[" + json + "]").get(0), List.of(), new boolean[0]);
    }

    private static JsonArray array(String json) {
        try (JsonReader reader = READERS.createReader(new StringReader(json))) {
            return reader.readArray();
        }
    }

    private static Object value(JsonValue value, List<ByteBuffer> attachments, boolean[] used) {
        return switch (value.getValueType()) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case STRING -> ((JsonString) value).getString();
            case NUMBER -> number(((JsonNumber) value).bigDecimalValue());
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                value.asJsonArray().forEach(element -> elements.add(value(element, attachments, used)));
                yield elements;
            }
            case OBJECT -> {
                int attachment = attachment(value, attachments.size());
                if (attachment >= 0) {
                    used[attachment] = true;
                    yield bytes(attachments.get(attachment));
                }
                Map<String, Object> members = new LinkedHashMap<>();
                value.asJsonObject().forEach((name, member) -> members.put(name, value(member, attachments, used)));
                yield members;
            }
        };
    }

    private static Object number(BigDecimal number) {
        if (number.scale() <= 0 && number.precision() - number.scale() <= 18) {
            return number.longValue();
        }
        return number.doubleValue();
    }

    /** The number of the attachment for which an object stands; negative for none. */
    private static int attachment(JsonValue object, int attachments) {
        if (attachments == 0
                || object.asJsonObject().get(PLACEHOLDER) != JsonValue.TRUE
                || !(object.asJsonObject().get(NUMBER) instanceof JsonNumber number)
                || !number.isIntegral()) {
            return -1;
        }
        int index = number.intValue();
        return index < attachments ? index : -1;
    }

    private static byte[] bytes(ByteBuffer attachment) {
        byte[] bytes = new byte[attachment.remaining()];
        attachment.duplicate().get(bytes);
        return bytes;
    }
}
