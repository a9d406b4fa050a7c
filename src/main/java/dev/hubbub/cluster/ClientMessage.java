package dev.hubbub.cluster;

import dev.hubbub.Data;
import dev.hubbub.json.CheckedJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a message from one node to another, one after another. Texts and bytes have their length in front, in four bytes;
 * -1 stands for null.
 */
final class ClientMessage {
    private ClientMessage() {}

    /** Attachments that one event may have; more are no message of ours. */
    private static final int MAX_ATTACHMENTS = 100_000;

    /** Collects the parts of a message. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        private final DataOutputStream out = new DataOutputStream(bytes);

        /** @param kind what it is; it follows the format number */
        Writer(char kind) {
            bytes.write(EventBatch.FORMAT);
            bytes.write(kind);
        }

        Writer number(long value) {
            return write(() -> out.writeLong(value));
        }

        Writer text(String value) {
            return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
        }

        Writer bytes(byte[] value) {
            return write(() -> {
                out.writeInt(value == null ? -1 : value.length);
                if (value != null) {
                    out.write(value);
                }
            });
        }

        Writer data(Data data) {
            boolean none = data == null || data.isNone();
            return text(none ? null : data.json()).number(!none && data.isArguments() ? 1 : 0);
        }

        Writer attachments(List<ByteBuffer> attachments) {
            number(attachments.size());
            for (ByteBuffer attachment : attachments) {
                byte[] copy = new byte[attachment.remaining()];
                attachment.duplicate().get(copy);
                bytes(copy);
            }
            return this;
        }

        byte[] message() {
            return bytes.toByteArray();
        }

        private Writer write(Part part) {
            try {
                part.write();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // does not happen in memory
            }
            return this;
        }

        private interface Part {
            void write() throws IOException;
        }
    }

    /** Reads the parts in the same order. Each method throws IllegalArgumentException if the message is cut or malformed. */
    static final class Reader {
        private final DataInputStream in;

        /** @param message its format number and kind have been looked at */
        Reader(byte[] message) {
            in = new DataInputStream(new ByteArrayInputStream(message, 2, message.length - 2));
        }

        long number() {
            return read(in::readLong);
        }

        int count() {
            long value = number();
            if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("number " + value);
            }
            return (int) value;
        }

        String text() {
            byte[] bytes = bytes();
            return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        byte[] bytes() {
            return read(() -> {
                int length = in.readInt();
                if (length < -1 || length > in.available()) {
                    throw new IllegalArgumentException("length " + length);
                }
                return length < 0 ? null : in.readNBytes(length);
            });
        }

        Data data() {
            String json = text();
            boolean arguments = number() == 1;
            if (json == null) {
                return Data.NULL;
            }
            Data checked = Data.parse(json);
            return arguments ? Data.of(new CheckedJson(checked.json(), true)) : checked;
        }

        List<ByteBuffer> attachments() {
            long count = number();
            if (count < 0 || count > MAX_ATTACHMENTS) {
                throw new IllegalArgumentException(count + " attachments");
            }
            List<ByteBuffer> attachments = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                byte[] bytes = bytes();
                if (bytes == null) {
                    throw new IllegalArgumentException("no attachment");
                }
                attachments.add(ByteBuffer.wrap(bytes));
            }
            return attachments;
        }

        private static <T> T read(Part<T> part) {
            try {
                return part.read();
            } catch (IOException e) {
                throw new IllegalArgumentException("cut", e);
            }
        }

        private interface Part<T> {
            T read() throws IOException;
        }
    }
}
