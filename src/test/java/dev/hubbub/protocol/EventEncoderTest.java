package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Position;
import jakarta.websocket.EncodeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventEncoderTest {
    @Test
    void anEncodedEventIsDecodedToTheSameEvent() throws Exception {
        Event event = new Event("a\"b", Data.parse("{\"x\":[1]}"), "\"q\"", List.of());
        String text = new EventEncoder().encode(event);
        assertThat(text).isEqualTo("{\"name\":\"a\\\"b\",\"data\":{\"x\":[1]},\"id\":\"q\"}");
        assertThat(new EventDecoder().decode(text)).isEqualTo(event);
    }

    @Test
    void theKeyIsEncodedAndAttachmentsAreRefused() throws Exception {
        Event keyed = new Event("bid", Data.parse("7"), "1", "k\"1", List.of());
        String text = new EventEncoder().encode(keyed);
        assertThat(text).isEqualTo("{\"name\":\"bid\",\"data\":7,\"id\":1,\"key\":\"k\\\"1\"}");
        assertThat(new EventDecoder().decode(text)).isEqualTo(keyed);
        Event binary = new Event("a", Data.NULL, null, List.of(ByteBuffer.allocate(1)));
        assertThatThrownBy(() -> new EventEncoder().encode(binary))
                .isInstanceOf(EncodeException.class)
                .hasMessageContaining("binary");
    }

    @Test
    void acknowledgementsAndErrorsFollowTheProtocol() {
        assertThat(EventEncoder.ack("7", null).text()).isEqualTo("{\"name\":\"ack\",\"data\":null,\"id\":7}");
        assertThat(EventEncoder.ack("7", Map.of("a", 1)).text())
                .isEqualTo("{\"name\":\"ack\",\"data\":{\"a\":1},\"id\":7}");
        assertThat(EventEncoder.error(null, new EventException("not-in-room", "Join first"))
                        .text())
                .isEqualTo("{\"name\":\"error\",\"data\":{\"code\":\"not-in-room\",\"message\":\"Join first\"}}");
    }

    @Test
    void emptyAndLongNamesAreRejected() {
        assertThatThrownBy(() -> EventEncoder.event("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventEncoder.event("x".repeat(129), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAttachmentMakesABinaryFrame() {
        Frame frame = EventEncoder.event("a", null, List.of(ByteBuffer.wrap(new byte[] {1, 0, 2}, 1, 2)), Delivery.ALL);
        assertThat(frame.kind()).isEqualTo(Frame.Kind.BINARY);
        assertThat(frame.payload().array()).endsWith('}', 0, 0, 2);
    }

    @Test
    void severalAttachmentsAreEncodedWithTheirLengthsAndDecoded() {
        List<ByteBuffer> two = List.of(ByteBuffer.wrap(new byte[] {1, 0}), ByteBuffer.wrap(new byte[] {2}));
        Frame frame = EventEncoder.event("a", 1, two, Delivery.ALL);
        assertThat(frame.envelope()).isEqualTo("{\"name\":\"a\",\"data\":1,\"attachments\":[2,1]}");
        assertThat(EventDecoder.event(frame.payload()).attachments()).isEqualTo(two);
        Frame placed = frame.at(new Position("AAAAAAAAAAA", 7)).withPosition();
        assertThat(EventDecoder.event(placed.payload()).attachments()).isEqualTo(two);
    }

    @Test
    void argumentsAreEncodedAsAMarkedArrayAndDecoded() {
        Frame frame = EventEncoder.event("a", Data.arguments(1, "x"));
        assertThat(frame.text()).isEqualTo("{\"name\":\"a\",\"data\":[1,\"x\"],\"arguments\":true}");
        assertThat(EventDecoder.event(frame.text()).data().isArguments()).isTrue();
        assertThat(EventDecoder.event("{\"name\":\"a\",\"data\":[1]}").data().isArguments())
                .isFalse();
    }

    @Test
    void frameHeadersFollowRfc6455() {
        assertThat(Frame.text("hi").wire()).containsExactly(0x81, 2, 'h', 'i');
        assertThat(Frame.PING.wire()).containsExactly(0x89, 0);
        byte[] medium = Frame.text("x".repeat(126)).wire();
        assertThat(Arrays.copyOf(medium, 4)).containsExactly(0x81, 126, 0, 126);
        byte[] large = Frame.text("x".repeat(65_536)).wire();
        assertThat(Arrays.copyOf(large, 10)).containsExactly(0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0);
        assertThat(large).hasSize(65_546);
        assertThat(Arrays.copyOf(Frame.text("x".repeat(65_535)).wire(), 4)).containsExactly(0x81, 126, 0xff, 0xff);
    }
}
