package dev.hubbub.container.tomcat;

import dev.hubbub.container.MessageReceiver;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Takes the frames that {@link TomcatReader} reads itself: short, whole text messages without extensions, and pongs. */
final class TextFrames {
    /** Bytes, with the header. */
    private static final int MAX_FRAME = 4096;

    private static final int TEXT = 0x81; // final, no reserved bit (RFC 6455, section 5.2)
    private static final int PONG = 0x8a;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16_BITS = 126;
    private static final int MASK_SIZE = 4;

    private final MessageReceiver receiver;
    private final int maxFrame;
    private int taken;
    private int count;

    /** @param maxFrame the longest frame to take, in bytes, if that is shorter than {@link #MAX_FRAME} */
    TextFrames(MessageReceiver receiver, int maxFrame) {
        this.receiver = receiver;
        this.maxFrame = Math.min(MAX_FRAME, maxFrame);
    }

    /** Counts from zero. */
    void begin() {
        count = 0;
    }

    /** How many frames were taken. */
    int count() {
        return count;
    }

    /** The index of the first byte that {@link #take} has not taken. */
    int taken() {
        return taken;
    }

    /** @return whether all whole frames were taken; false if {@link #taken} is where another kind of frame begins */
    boolean take(byte[] bytes, int start, int end) {
        taken = start;
        while (end - taken >= 2) {
            int first = bytes[taken] & 0xff;
            int length = (bytes[taken + 1] & 0xff) - MASKED; // negative without a mask
            if (!(first == TEXT || first == PONG && length < LENGTH_16_BITS) || length < 0 || length > LENGTH_16_BITS) {
                return false;
            }
            int payload = taken + 2 + MASK_SIZE;
            if (length == LENGTH_16_BITS) {
                if (end - taken < 4) {
                    return true;
                }
                length = (bytes[taken + 2] & 0xff) << 8 | bytes[taken + 3] & 0xff;
                payload += 2;
            }
            int next = payload + length;
            if (next - taken > maxFrame) {
                return false;
            }
            if (next > end) {
                return true;
            }
            String text = first == TEXT ? text(bytes, payload, length) : null;
            if (first == TEXT && text == null) {
                return false;
            }
            taken = next;
            count++;
            if (text == null) {
                receiver.pong();
            } else {
                receiver.text(text);
            }
        }
        return true;
    }

    /** Null if the bytes are not UTF-8. */
    private static String text(byte[] bytes, int payload, int length) {
        byte[] message = new byte[length];
        int mask = payload - MASK_SIZE;
        int signs = 0;
        for (int i = 0; i < length; i++) {
            byte b = (byte) (bytes[payload + i] ^ bytes[mask + (i & 3)]);
            message[i] = b;
            signs |= b;
        }
        if (signs >= 0) {
            return new String(message, StandardCharsets.ISO_8859_1); // ASCII; this looks at no byte again
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
