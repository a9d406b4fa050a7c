package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.hub.Connection.Sent;
import dev.hubbub.protocol.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireWriterTest {
    private static final int COMPRESS_FROM = 100;

    private final List<byte[]> writes = new ArrayList<>();
    private int completed;

    private final WireWriter writer = new WireWriter(COMPRESS_FROM) {
        @Override
        protected void write(ByteBuffer frames, Sent sent) {
            byte[] bytes = new byte[frames.remaining()];
            frames.get(bytes);
            writes.add(bytes);
            sent.sent(null);
        }
    };

    private void send(Frame frame, boolean more) {
        writer.send(frame, more, failure -> completed++);
    }

    private static byte[] joined(Frame... frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            bytes.writeBytes(frame.wire());
        }
        return bytes.toByteArray();
    }

    @Test
    void consecutiveFramesAreJoinedIntoOneWrite() {
        Frame one = Frame.text("one");
        Frame two = Frame.binary(ByteBuffer.wrap(new byte[] {1, 2}));
        Frame three = Frame.text("three");
        send(one, true);
        send(two, true);
        assertThat(completed).isEqualTo(2);
        assertThat(writes).isEmpty();
        send(three, false);
        send(one, false);
        assertThat(completed).isEqualTo(4);
        assertThat(writes).containsExactly(joined(one, two, three), joined(one));
    }

    @Test
    void aLongFrameIsCompressedAndAShortOneIsNot() {
        Frame longer = Frame.text("x".repeat(COMPRESS_FROM));
        Frame shorter = Frame.text("x".repeat(COMPRESS_FROM - 1));
        send(longer, false);
        send(shorter, false);
        assertThat(writes).containsExactly(longer.compressedWire(), shorter.wire());
        assertThat(longer.compressedWire().length).isLessThan(longer.wire().length);
    }
}
