package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class FrameTest {
    /** Decompresses a message (RFC 7692, section 7.2.2). */
    private static byte[] inflated(byte[] payload) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        inflater.setInput(ByteBuffer.allocate(payload.length + 4)
                .put(payload)
                .putInt(0x0000ffff)
                .array());
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        byte[] part = new byte[1024];
        for (int more = inflater.inflate(part); more > 0; more = inflater.inflate(part)) {
            to.write(part, 0, more);
        }
        inflater.end();
        return to.toByteArray();
    }

    /** The payload of an unmasked frame. */
    private static byte[] payload(byte[] wire) {
        int start = wire[1] < 126 ? 2 : wire[1] == 126 ? 4 : 10;
        byte[] payload = new byte[wire.length - start];
        System.arraycopy(wire, start, payload, 0, payload.length);
        return payload;
    }

    @Test
    void aCompressedFrameHasTheSameMessage() throws DataFormatException {
        Random random = new Random(1);
        for (int length = 300; length < 100_000; length += 1 + length / 7) {
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append(random.nextInt(1_000)).append(' ');
            }
            Frame frame = Frame.text(text.toString());
            byte[] wire = frame.compressedWire();
            assertThat(wire[0]).isEqualTo((byte) 0xc1);
            assertThat(wire.length).isLessThan(frame.wire().length);
            assertThat(inflated(payload(wire))).isEqualTo(payload(frame.wire()));
            assertThat(frame.compressedWire()).isSameAs(wire);
        }
    }

    @Test
    void aFrameThatCompressionDoesNotShortenStaysUncompressed() {
        byte[] noise = new byte[5_000];
        new Random(1).nextBytes(noise);
        Frame frame = Frame.binary(ByteBuffer.wrap(noise));
        assertThat(frame.compressedWire()).isSameAs(frame.wire());
        assertThat(Frame.PING.compressedWire()).isSameAs(Frame.PING.wire());
    }
}
