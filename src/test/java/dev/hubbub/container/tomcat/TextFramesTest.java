package dev.hubbub.container.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.container.MessageReceiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFramesTest {
    private static final byte[] KEY = {1, 2, (byte) 0x83, 4};

    private final List<String> received = new ArrayList<>();
    private final TextFrames frames = new TextFrames(
            new MessageReceiver() {
                @Override
                public int maxMessage() {
                    return 100_000;
                }

                @Override
                public void tooBig() {
                    received.add("too big");
                }

                @Override
                public void text(String message) {
                    received.add(message);
                }

                @Override
                public void pong() {
                    received.add("pong");
                }
            },
            8192);

    private static byte[] frame(int start, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) start);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) 0xfe).putShort((short) payload.length);
        } else {
            frame.put((byte) 0xff).putLong(payload.length);
        }
        frame.put(KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ KEY[i % 4]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] text(String text) {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer joined = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    @Test
    void framesAreTakenWhereverTheyAreCut() {
        String longer = "\u00e9 \ud83d\ude00 ".repeat(40);
        byte[] bytes = join(text("one"), text(""), text(longer), frame(0x8a, new byte[] {7}), text("x".repeat(4000)));
        for (int cut = 0; cut <= bytes.length; cut++) {
            received.clear();
            assertThat(frames.take(bytes, 0, cut)).isTrue();
            assertThat(frames.take(bytes, frames.taken(), bytes.length)).isTrue();
            assertThat(frames.taken()).isEqualTo(bytes.length);
            assertThat(received).containsExactly("one", "", longer, "pong", "x".repeat(4000));
        }
    }

    /** A fragment, reserved bits, a binary message, a close frame, a ping, a continuation. */
    @ParameterizedTest
    @ValueSource(ints = {0x01, 0xc1, 0x91, 0x82, 0x88, 0x89, 0x80, 0x0a})
    void otherFramesAreLeft(int start) {
        byte[] first = text("first");
        byte[] bytes = join(first, frame(start, new byte[] {1, 2, 3}), text("last"));
        assertThat(frames.take(bytes, 0, bytes.length)).isFalse();
        assertThat(frames.taken()).isEqualTo(first.length);
        assertThat(received).containsExactly("first");
    }

    @Test
    void longFramesAreLeftAsSoonAsTheirLengthIsKnown() {
        byte[] tooLong = text("x".repeat(4096));
        assertThat(frames.take(tooLong, 0, 3)).isTrue();
        assertThat(frames.taken()).isZero();
        assertThat(frames.take(tooLong, 0, 4)).isFalse();
        assertThat(frames.take(text("x".repeat(70_000)), 0, 2)).isFalse();
        assertThat(frames.taken()).isZero();
    }

    @Test
    void violationsOfTheProtocolAreLeft() {
        assertThat(frames.take(new byte[] {(byte) 0x81, 1, 'x'}, 0, 3)).isFalse(); // no mask
        assertThat(frames.take(frame(0x8a, new byte[126]), 0, 134)).isFalse(); // a pong of more than 125 bytes
        byte[] invalid = frame(0x81, new byte[] {'a', (byte) 0xff});
        byte[] before = invalid.clone();
        assertThat(frames.take(invalid, 0, invalid.length)).isFalse();
        assertThat(frames.taken()).isZero();
        assertThat(invalid).isEqualTo(before);
        assertThat(received).isEmpty();
    }
}
