package dev.hubbub.container.tyrus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.tyrus.core.ProtocolException;
import org.glassfish.tyrus.core.Utf8DecodingException;
import org.glassfish.tyrus.core.frame.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final int LIMIT = 100_000;
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final byte[] KEY = {1, 2, (byte) 0x83, 4};

    private final AtomicInteger tooBig = new AtomicInteger();
    private final List<Frame> frames = new ArrayList<>();

    private final FrameReader.Receiver received = new FrameReader.Receiver() {
        @Override
        public void text(byte[] message) {
            frame(Frame.builder()
                    .fin(true)
                    .opcode((byte) TEXT)
                    .payloadData(message)
                    .build());
        }

        @Override
        public void frame(Frame frame) {
            frames.add(frame);
        }
    };
    private final FrameReader reader = new FrameReader(false, LIMIT, tooBig::incrementAndGet);
    private final FrameReader inflating = new FrameReader(true, LIMIT, tooBig::incrementAndGet);

    /** A header with a length of 64 bits. */
    private static ByteBuffer announcement(int start, long length) {
        return ByteBuffer.allocate(14)
                .put((byte) start)
                .put((byte) 0xff)
                .putLong(length)
                .put(KEY)
                .flip();
    }

    private static ByteBuffer frame(int start, byte[] payload) {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(14 + length).put((byte) start);
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length < 65_536) {
            frame.put((byte) 0xfe).putShort((short) length);
        } else {
            frame.put((byte) 0xff).putLong(length);
        }
        frame.put(KEY);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[i] ^ KEY[i & 3]));
        }
        return frame.flip();
    }

    private static ByteBuffer frame(int start, String payload) {
        return frame(start, payload.getBytes(StandardCharsets.UTF_8));
    }

    private void read(FrameReader from, ByteBuffer bytes) {
        from.read(bytes, received);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    private void read(ByteBuffer bytes) {
        read(reader, bytes);
    }

    @Test
    void framesOfAllLengthsAreUnmaskedHoweverTheirBytesArrive() {
        Random random = new Random(1);
        for (int length : List.of(0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, LIMIT)) {
            for (int part : List.of(1, 3, 1000, Integer.MAX_VALUE)) {
                byte[] payload = new byte[length];
                random.nextBytes(payload);
                ByteBuffer wire = frame(FIN | BINARY, payload);
                frames.clear();
                while (wire.hasRemaining()) {
                    assertThat(frames).isEmpty();
                    int count = Math.min(part, wire.remaining());
                    read(wire.slice(wire.position(), count));
                    wire.position(wire.position() + count);
                }
                assertThat(frames).hasSize(1);
                assertThat(frames.get(0).getPayloadData()).isEqualTo(payload);
                assertThat(frames.get(0).getOpcode()).isEqualTo((byte) BINARY);
                assertThat(frames.get(0).isFin()).isTrue();
            }
        }
    }

    @Test
    void severalFramesMayArriveAtOnce() {
        ByteBuffer together = ByteBuffer.allocate(100);
        together.put(frame(TEXT, "a"))
                .put(frame(FIN | PING, ""))
                .put(frame(FIN, "b"))
                .put(frame(FIN | TEXT, "c"));
        read(together.flip());
        assertThat(frames)
                .extracting(frame -> new String(frame.getPayloadData(), StandardCharsets.UTF_8))
                .containsExactly("", "ab", "c");
        assertThat(frames).allMatch(Frame::isFin);
    }

    @Test
    void fragmentsAreJoinedHoweverTheirBytesArrive() {
        byte[] text = "허브 😀 é and more".getBytes(StandardCharsets.UTF_8);
        for (int size : List.of(1, 3, 10)) {
            for (int part : List.of(1, 5, 1000)) {
                ByteBuffer wire = ByteBuffer.allocate(1000);
                for (int i = 0; i < text.length; i += size) {
                    int end = Math.min(text.length, i + size);
                    int start = (i == 0 ? TEXT : 0) | (end == text.length ? FIN : 0);
                    wire.put(frame(start, Arrays.copyOfRange(text, i, end)));
                    wire.put(frame(FIN | PING, "between"));
                }
                wire.flip();
                frames.clear();
                while (wire.hasRemaining()) {
                    int count = Math.min(part, wire.remaining());
                    read(wire.slice(wire.position(), count));
                    wire.position(wire.position() + count);
                }
                assertThat(frames.stream().filter(frame -> frame.getOpcode() == TEXT))
                        .singleElement()
                        .satisfies(frame -> assertThat(frame.getPayloadData()).isEqualTo(text));
            }
        }
    }

    /** Each is text in hexadecimal digits. */
    @ParameterizedTest
    @ValueSource(strings = {"22ff", "c080", "e080", "eda080", "f08080", "f490", "c328", "80"})
    void aFragmentThatIsNotUtf8IsRefusedAtOnce(String text) {
        read(frame(TEXT, "valid"));
        assertThatThrownBy(() -> read(frame(0, HexFormat.of().parseHex(text))))
                .isInstanceOf(Utf8DecodingException.class);
    }

    @Test
    void aFrameIsRefusedWhenItsHeaderAnnouncesTooMuch() {
        read(announcement(FIN | TEXT, LIMIT + 1));
        assertThat(tooBig).hasValue(1);
        assertThat(frames).isEmpty();
    }

    @Test
    void aMessageIsRefusedWhenItsFragmentsTogetherAnnounceTooMuch() {
        read(frame(BINARY, new byte[LIMIT - 10]));
        read(frame(0, new byte[10]));
        assertThat(tooBig).hasValue(0);
        read(announcement(0, 1));
        assertThat(tooBig).hasValue(1);
    }

    @Test
    void theLimitCountsEachMessageForItself() {
        for (int i = 0; i < 3; i++) {
            read(frame(BINARY, new byte[LIMIT - 10]));
            read(frame(FIN, new byte[10]));
        }
        assertThat(tooBig).hasValue(0);
        assertThat(frames).hasSize(3);
    }

    /** The client has to answer the close frame, after the rest of what it was sending. */
    @Test
    void afterAMessageThatIsTooBigOnlyControlFramesAreRead() {
        read(announcement(TEXT, LIMIT + 50_000));
        for (int i = 0; i < 15; i++) {
            read(ByteBuffer.allocate((LIMIT + 50_000) / 15));
        }
        read(frame(FIN | PING, "x"));
        read(frame(FIN, "the end of that message"));
        read(announcement(FIN | TEXT, Long.MAX_VALUE - 1));
        assertThat(tooBig).hasValue(1);
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).getOpcode()).isEqualTo((byte) PING);
    }

    @Test
    void theCloseFrameAfterAMessageThatIsTooBigIsRead() {
        read(announcement(FIN | TEXT, LIMIT + 1));
        read(ByteBuffer.allocate(LIMIT + 1));
        read(frame(FIN | CLOSE, ""));
        assertThat(frames).extracting(Frame::getOpcode).containsExactly((byte) CLOSE);
    }

    /** What does not compress becomes a little longer. */
    @Test
    void aCompressedMessageMayBeALittleLongerThanTheLimit() {
        read(inflating, announcement(FIN | RSV1 | TEXT, LIMIT + LIMIT / 8));
        assertThat(tooBig).hasValue(0);
        FrameReader other = new FrameReader(true, LIMIT, tooBig::incrementAndGet);
        read(other, announcement(FIN | RSV1 | TEXT, 2 * LIMIT));
        assertThat(tooBig).hasValue(1);
    }

    /** Each line: the first two bytes of a frame, whether compression was negotiated, and whether the frame is allowed. */
    @ParameterizedTest
    @CsvSource({
        "0x81, 0x00, false, The frame is not masked",
        "0x81, 0x7e, false, The frame is not masked",
        "0xc1, 0x80, false, A reserved bit is set",
        "0xa1, 0x80, true, A reserved bit is set",
        "0x91, 0x80, true, A reserved bit is set",
        "0xc9, 0x80, true, A reserved bit is set",
        "0xc0, 0x80, true, A reserved bit is set",
        "0x83, 0x80, false, The opcode is unknown",
        "0x8b, 0x80, false, The opcode is unknown",
        "0x09, 0x80, false, A control frame is fragmented",
        "0x89, 0xfe, false, A control frame has more than 125 bytes",
        "0x88, 0xff, false, A control frame has more than 125 bytes",
        "0x80, 0x80, false, There is no message to continue",
    })
    void aFrameIsRefusedByItsFirstBytes(String first, String second, boolean compression, String reason) {
        ByteBuffer bytes =
                ByteBuffer.wrap(new byte[] {(byte) (int) Integer.decode(first), (byte) (int) Integer.decode(second)});
        assertThatThrownBy(() -> (compression ? inflating : reader).read(bytes, received))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(reason);
    }

    @Test
    void aMessageInsideOfAnotherIsRefused() {
        read(frame(TEXT, "a"));
        assertThatThrownBy(() -> read(frame(FIN | TEXT, "b"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aLengthWithItsHighestBitIsRefused() {
        assertThatThrownBy(() -> read(announcement(FIN | TEXT, Long.MIN_VALUE | 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("The highest bit of the length is set");
    }

    /** Tyrus copies what it has of a frame whenever more of it arrives. */
    @Test
    void aLongFrameInSmallPartsIsReadInLinearTime() {
        int length = 4_000_000;
        FrameReader large = new FrameReader(false, length, tooBig::incrementAndGet);
        ByteBuffer wire = frame(FIN | BINARY, new byte[length]);
        assertTimeout(Duration.ofSeconds(5), () -> {
            while (wire.hasRemaining()) {
                int count = Math.min(10, wire.remaining());
                large.read(wire.slice(wire.position(), count), received);
                wire.position(wire.position() + count);
            }
        });
        assertThat(frames).hasSize(1);
    }

    @Test
    void aWholeTextMayHaveAnyCharacterButNoInvalidBytes() {
        String text = "a, é, €, 😀, and \ufffd, which the decoder puts in the place of invalid bytes";
        assertThat(Utf8Check.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);

        for (String invalid : List.of("ff", "61c3", "e282", "f09f98", "eda080", "c080", "61efbfbdc3")) {
            assertThatThrownBy(() -> Utf8Check.decode(HexFormat.of().parseHex(invalid)))
                    .as(invalid)
                    .isInstanceOf(Utf8DecodingException.class);
        }
    }
}
