package dev.hubbub.cluster;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes MessagePack as far as JavaScript has its types: null, Boolean, Long, Double, BigInteger, String, byte[], List,
 * and Map with strings as keys. A time is read as its text, as JSON has it. A library would need about as much code around it.
 *
 * @see <a href="https://github.com/msgpack/msgpack/blob/master/spec.md">the specification</a>
 */
final class MessagePack {
    /** As deep as JSON may be nested. */
    private static final int MAX_DEPTH = 100;

    private static final int TIMESTAMP = -1;
    /** How notepack.io, the encoder of Socket.IO's adapter, writes undefined. */
    private static final int UNDEFINED = 0;

    private static final long FIXED = 0x1F;

    private MessagePack() {}

    /** @throws IllegalArgumentException if this is not exactly one value */
    static Object read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            Object value = value(in, 0);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("bytes after the value");
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("cut", e);
        }
    }

    private static Object value(ByteBuffer in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deep");
        }
        int type = in.get() & 0xFF;
        if (type < 0x80 || type >= 0xE0) {
            return (long) (byte) type;
        }
        if (type < 0x90) {
            return map(in, type & 0x0F, depth);
        }
        if (type < 0xA0) {
            return array(in, type & 0x0F, depth);
        }
        if (type < 0xC0) {
            return string(in, type & FIXED);
        }
        return switch (type) {
            case 0xC0 -> null;
            case 0xC2 -> false;
            case 0xC3 -> true;
            case 0xC4, 0xC5, 0xC6 -> bytes(in, unsigned(in, 1 << (type - 0xC4)));
            case 0xC7, 0xC8, 0xC9 -> extension(in, unsigned(in, 1 << (type - 0xC7)));
            case 0xCA -> (double) in.getFloat();
            case 0xCB -> in.getDouble();
            case 0xCC, 0xCD, 0xCE -> unsigned(in, 1 << (type - 0xCC));
            case 0xCF -> large(in.getLong());
            case 0xD0 -> (long) in.get();
            case 0xD1 -> (long) in.getShort();
            case 0xD2 -> (long) in.getInt();
            case 0xD3 -> in.getLong();
            case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> extension(in, 1L << (type - 0xD4));
            case 0xD9, 0xDA, 0xDB -> string(in, unsigned(in, 1 << (type - 0xD9)));
            case 0xDC, 0xDD -> array(in, unsigned(in, 2 << (type - 0xDC)), depth);
            case 0xDE, 0xDF -> map(in, unsigned(in, 2 << (type - 0xDE)), depth);
            default -> throw new IllegalArgumentException("type " + type);
        };
    }

    private static long unsigned(ByteBuffer in, int size) {
        return switch (size) {
            case 1 -> in.get() & 0xFFL;
            case 2 -> in.getShort() & 0xFFFFL;
            default -> in.getInt() & 0xFFFFFFFFL;
        };
    }

    private static Object large(long bits) {
        return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
    }

    /** A length beyond what has come would reserve memory for nothing. */
    private static int length(ByteBuffer in, long length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) length;
    }

    private static byte[] bytes(ByteBuffer in, long length) {
        byte[] bytes = new byte[length(in, length)];
        in.get(bytes);
        return bytes;
    }

    private static String string(ByteBuffer in, long length) {
        return new String(bytes(in, length), StandardCharsets.UTF_8);
    }

    private static List<Object> array(ByteBuffer in, long length, int depth) {
        List<Object> elements = new ArrayList<>(); // grows with what has come
        int size = length(in, length);
        for (int i = 0; i < size; i++) {
            elements.add(value(in, depth + 1));
        }
        return elements;
    }

    private static Map<String, Object> map(ByteBuffer in, long length, int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        int size = length(in, length);
        for (int i = 0; i < size; i++) {
            Object name = value(in, depth + 1);
            if (!(name instanceof String || name instanceof Long)) {
                throw new IllegalArgumentException("a key that is no string");
            }
            members.put(name.toString(), value(in, depth + 1));
        }
        return members;
    }

    private static Object extension(ByteBuffer in, long length) {
        int type = in.get();
        ByteBuffer data = ByteBuffer.wrap(bytes(in, length));
        if (type == UNDEFINED) {
            return null;
        }
        if (type != TIMESTAMP) {
            throw new IllegalArgumentException("extension " + type);
        }
        try {
            return switch ((int) length) {
                case 4 -> Instant.ofEpochSecond(data.getInt() & 0xFFFFFFFFL).toString();
                case 8 -> {
                    long bits = data.getLong();
                    yield Instant.ofEpochSecond(bits & 0x3_FFFF_FFFFL, bits >>> 34)
                            .toString();
                }
                case 12 -> {
                    long nanos = data.getInt() & 0xFFFFFFFFL;
                    yield Instant.ofEpochSecond(data.getLong(), nanos).toString();
                }
                default -> throw new IllegalArgumentException("a time of " + length + " bytes");
            };
        } catch (java.time.DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("no time", e);
        }
    }

    static byte[] write(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        write(out, value);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        if (value == null) {
            out.write(0xC0);
        } else if (value instanceof Boolean bool) {
            out.write(bool ? 0xC3 : 0xC2);
        } else if (value instanceof Double || value instanceof BigInteger) {
            out.write(0xCB);
            number(out, Double.doubleToLongBits(((Number) value).doubleValue()), 8);
        } else if (value instanceof Number number) {
            integer(out, number.longValue());
        } else if (value instanceof String string) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            head(out, bytes.length, 0xA0, 32, 0xD9, 1);
            out.writeBytes(bytes);
        } else if (value instanceof byte[] bytes) {
            head(out, bytes.length, 0, 0, 0xC4, 1);
            out.writeBytes(bytes);
        } else if (value instanceof List<?> elements) {
            head(out, elements.size(), 0x90, 16, 0xDC, 2);
            elements.forEach(element -> write(out, element));
        } else if (value instanceof Map<?, ?> members) {
            head(out, members.size(), 0x80, 16, 0xDE, 2);
            members.forEach((name, member) -> {
                write(out, name);
                write(out, member);
            });
        } else {
            throw new IllegalArgumentException("MessagePack has no " + value.getClass());
        }
    }

    private static void integer(ByteArrayOutputStream out, long value) {
        if (value >= -32 && value < 128) {
            out.write((int) value);
        } else if (value == (byte) value) {
            out.write(0xD0);
            number(out, value, 1);
        } else if (value == (short) value) {
            out.write(0xD1);
            number(out, value, 2);
        } else if (value == (int) value) {
            out.write(0xD2);
            number(out, value, 4);
        } else {
            out.write(0xD3);
            number(out, value, 8);
        }
    }

    /** The type and the length, in the shortest form: within the type's byte, or after it in 1, 2 or 4 bytes. */
    private static void head(ByteArrayOutputStream out, int length, int fixed, int fixedBelow, int first, int least) {
        if (length < fixedBelow) {
            out.write(fixed | length);
            return;
        }
        int size = least;
        int type = first;
        while (size < 4 && length >= 1 << 8 * size) {
            size *= 2;
            type++;
        }
        out.write(type);
        number(out, length, size);
    }

    private static void number(ByteArrayOutputStream out, long value, int size) {
        for (int i = size - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
    }
}
