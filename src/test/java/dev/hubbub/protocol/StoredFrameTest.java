package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Delivery;
import dev.hubbub.Position;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredFrameTest {
    private final StoredFrame copy = new StoredFrame();

    @Test
    void aStoredFrameIsReturnedWithItsPosition() {
        Delivery latest = Delivery.latest("price");
        ByteBuffer attachment = ByteBuffer.wrap(new byte[] {0, 1, 2});
        List<Frame> frames = List.of(
                EventEncoder.event("x", "a"),
                EventEncoder.event("long", "é".repeat(40_000)),
                EventEncoder.event("price", 7, List.of(attachment), latest),
                EventEncoder.event("x", 1));
        for (Frame frame : frames) {
            copy.set(frame);
            Position position = new Position("x7KqPz0aaaa", 17);
            Frame back = copy.frame(position);
            assertThat(back.wire()).isEqualTo(frame.wire());
            assertThat(back.kind()).isEqualTo(frame.kind());
            assertThat(back.delivery()).isEqualTo(frame.delivery());
            assertThat(back.envelope()).isEqualTo(frame.envelope());
            assertThat(back.withPosition().wire())
                    .isEqualTo(frame.at(position).withPosition().wire());
        }
    }

    @Test
    void aReturnedFrameDoesNotChangeWhenTheNextIsStored() {
        copy.set(EventEncoder.event("x", "first"));
        Frame first = copy.frame(null);
        copy.set(EventEncoder.event("x", "other"));
        assertThat(first.text()).contains("first");
    }

    @Test
    void theArrayIsReusedUnlessItIsFarTooLong() {
        copy.set(EventEncoder.event("x", "a".repeat(1_000)));
        int large = copy.capacity();
        copy.set(EventEncoder.event("x", "a".repeat(500)));
        assertThat(copy.capacity()).isEqualTo(large);
        copy.set(EventEncoder.event("x", 1));
        assertThat(copy.capacity()).isEqualTo(64);
    }
}
