package dev.hubbub.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Assembles messages that a container delivers in parts, and checks their size. It keeps no buffer between messages, and does
 * not copy a text that is delivered in one part.
 */
public final class MessageAssembler {
    /**
     * Bytes of the rest of a message that is too big. A client that sends them compressed would have the server unpack a thousand
     * times as much as it sends.
     */
    private static final int MAX_UNPACKED = 2_000_000;

    private final int maxBytes;
    private final boolean compressed;
    private StringBuilder text;
    private ByteArrayOutputStream bytes;
    private boolean tooBig;
    private long dropped;

    /**
     * @param maxBytes the most bytes of a message; a text counts in UTF-8
     * @param compressed whether the client may compress messages
     */
    public MessageAssembler(int maxBytes, boolean compressed) {
        this.maxBytes = maxBytes;
        this.compressed = compressed;
    }

    /**
     * Drops a part of the rest of a message that is too big.
     *
     * @throws IllegalStateException if the client has sent too much of it; the container then closes the connection and unpacks
     *     nothing more
     */
    public void drop(int length) {
        dropped += length;
        if (compressed && dropped > MAX_UNPACKED) {
            throw new IllegalStateException("The client sends more of a message that is too big");
        }
    }

    /**
     * Adds a part of a text message.
     *
     * @return the whole message if this was its last part and it is not too big; otherwise null
     */
    public String add(String part, boolean last) {
        if (last && text == null) {
            return isTooBig(utf8Length(part)) ? null : part;
        }
        text = text == null ? new StringBuilder(2 * part.length()) : text;
        // A text has at least as many bytes as characters, so this stops in time, and the bytes are counted only once.
        if (isTooBig(text.length() + part.length())) {
            return null;
        }
        text.append(part);
        if (!last) {
            return null;
        }
        String whole = text.toString();
        text = null;
        return isTooBig(utf8Length(whole)) ? null : whole;
    }

    /**
     * Adds a part of a binary message. The result is a copy, because a container may reuse its buffer while the message still
     * waits in outboxes.
     *
     * @return as for text
     */
    public ByteBuffer add(ByteBuffer part, boolean last) {
        bytes = bytes == null ? new ByteArrayOutputStream(part.remaining()) : bytes;
        if (isTooBig(bytes.size() + part.remaining())) {
            return null;
        }
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
        if (!last) {
            return null;
        }
        ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
        bytes = null;
        return whole;
    }

    /** Whether a message was too big. No further parts are accepted then. */
    public boolean isTooBig() {
        return tooBig;
    }

    private boolean isTooBig(int length) {
        if (length > maxBytes) {
            tooBig = true;
            text = null;
            bytes = null;
        }
        return tooBig;
    }

    /** The number of bytes of the text in UTF-8. */
    static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1; // a surrogate pair has four bytes
            }
        }
        return length;
    }
}
