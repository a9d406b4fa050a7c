package dev.hubbub.container.tyrus;

import java.nio.charset.StandardCharsets;
import org.glassfish.tyrus.core.Utf8DecodingException;

/** Checks that the parts of a text are UTF-8 (RFC 3629, section 4), also if a part ends inside of a character. */
final class Utf8Check {
    private static final int FIRST_CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xbf;
    private static final char REPLACEMENT = 0xfffd;

    /** Bytes that the current character still needs. */
    private int needed;
    /** The range of the next byte. */
    private int least = FIRST_CONTINUATION;

    private int most = LAST_CONTINUATION;

    /** @throws Utf8DecodingException if the text is not UTF-8 */
    void take(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            int next = bytes[i] & 0xff;
            if (needed > 0) {
                if (next < least || next > most) {
                    throw new Utf8DecodingException();
                }
                expect(needed - 1, FIRST_CONTINUATION, LAST_CONTINUATION);
            } else if (next >= 0x80) {
                begin(next);
            }
        }
    }

    /** @throws Utf8DecodingException if the text is not UTF-8 */
    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) { // which invalid bytes become, but which may also have been sent
            Utf8Check check = new Utf8Check();
            check.take(bytes, 0, bytes.length);
            if (check.needed > 0) {
                throw new Utf8DecodingException();
            }
        }
        return text;
    }

    private void begin(int first) {
        if (first < 0xc2 || first > 0xf4) {
            throw new Utf8DecodingException();
        } else if (first < 0xe0) {
            expect(1, FIRST_CONTINUATION, LAST_CONTINUATION);
        } else if (first < 0xf0) { // no character has two forms, and surrogates have none
            expect(2, first == 0xe0 ? 0xa0 : FIRST_CONTINUATION, first == 0xed ? 0x9f : LAST_CONTINUATION);
        } else {
            expect(3, first == 0xf0 ? 0x90 : FIRST_CONTINUATION, first == 0xf4 ? 0x8f : LAST_CONTINUATION);
        }
    }

    private void expect(int count, int from, int to) {
        needed = count;
        least = from;
        most = to;
    }
}
