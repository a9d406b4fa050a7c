package dev.hubbub.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Puts messages together that a container delivers in parts, and measures them. Nothing is kept between messages, and
 * nothing is copied of a text that came in one part.
 */
public final class MessageAssembler {
    private final int maxBytes;
    private StringBuilder text;
    private ByteArrayOutputStream bytes;
    private boolean tooBig;

    public MessageAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The whole message, if this was its last part and it is not too big; else null. */
    public String add(String part, boolean last) {
        if (last && text == null) {
            return isTooBig(utf8Length(part)) ? null : part;
        }
        text = text == null ? new StringBuilder(2 * part.length()) : text;
        // Characters are at most as many as bytes, so this stops in time and the exact length is only taken once.
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

    /** As for text. The result is a copy: a container may use its buffer again while it still waits in outboxes. */
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

    /** Whether a message was over the limit; nothing is taken in from then on. */
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

    static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1; // a pair of surrogates is four bytes
            }
        }
        return length;
    }
}
