package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedPacketTest {
    private static final List<ByteBuffer> TWO =
            List.of(ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[] {2, 3}));

    private static String text(Frame frame, String offset) {
        return EncodedPacket.of(frame, "/").frames(offset).get(0).text();
    }

    private static String text(String name, Object data) {
        return text(EventEncoder.event(name, data), null);
    }

    @Test
    void dataBecomesArguments() {
        assertThat(text("a", null)).isEqualTo("42[\"a\"]");
        assertThat(text("a", Map.of("b", 1))).isEqualTo("42[\"a\",{\"b\":1}]");
        assertThat(text("a", List.of(1, 2))).isEqualTo("42[\"a\",[1,2]]");
        assertThat(text("a", Data.arguments(1, List.of(2)))).isEqualTo("42[\"a\",1,[2]]");
        assertThat(text("a\"b", Data.arguments())).isEqualTo("42[\"a\\\"b\"]");
        assertThat(EncodedPacket.of(EventEncoder.event("a", 1), "/n")
                        .frames(null)
                        .get(0)
                        .text())
                .isEqualTo("42/n,[\"a\",1]");
    }

    @Test
    void theOffsetIsTheLastArgument() {
        assertThat(text(EventEncoder.event("a", 1), "E.7")).isEqualTo("42[\"a\",1,\"E.7\"]");
        assertThat(text(Frame.text("{\"name\":\"a\",\"data\":1,\"id\":3}"), "E.7"))
                .as("no offset if an acknowledgement is requested")
                .isEqualTo("423[\"a\",1]");
    }

    @Test
    void acknowledgementsAndErrorsBecomeAckPackets() {
        assertThat(text(EventEncoder.ack("7", Map.of("a", 1)), "E.7")).isEqualTo("437[{\"a\":1}]");
        assertThat(text(EventEncoder.ack("7", null), null)).isEqualTo("437[]");
        assertThat(text(EventEncoder.ack("7", Data.arguments(1, 2)), null)).isEqualTo("437[1,2]");
        assertThat(text(EventEncoder.error("7", new EventException("no-way", "No")), null))
                .isEqualTo("437[{\"error\":{\"code\":\"no-way\",\"message\":\"No\"}}]");
        assertThat(text(EventEncoder.error(null, new EventException("no-way", "No")), null))
                .isEqualTo("42[\"error\",{\"code\":\"no-way\",\"message\":\"No\"}]");
    }

    @Test
    void nullIsAnArgumentAndNoDataIsNone() {
        assertThat(text("a", Data.parse("null"))).isEqualTo("42[\"a\",null]");
        assertThat(text("a", Data.NULL)).isEqualTo("42[\"a\"]");
        assertThat(text(EventEncoder.ack("7", Data.parse("null")), null)).isEqualTo("437[null]");
        assertThat(text(EventEncoder.ack("7", Data.NULL), null)).isEqualTo("437[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ack", "error", "connected"})
    void aNameOfHubbubsOwnProtocolIsANameLikeAnyOther(String name) {
        assertThat(text(name, 1)).isEqualTo("42[\"" + name + "\",1]");
        assertThat(text(EventEncoder.eventWithId(name, 1, "7", List.of()), null))
                .isEqualTo("427[\"" + name + "\",1]");
    }

    @Test
    void attachmentsFollowThePacketAndPlaceholdersMarkTheirPositions() {
        Frame after = EventEncoder.event("a", 1, TWO, Delivery.ALL);
        List<Frame> frames = EncodedPacket.of(after, "/").frames("E.7");
        assertThat(frames.get(0).text())
                .isEqualTo("452-[\"a\",1," + Placeholders.of(0) + "," + Placeholders.of(1) + ",\"E.7\"]");
        assertThat(frames.subList(1, 3).stream().map(Frame::payload)).isEqualTo(TWO);
        Data inside = Data.parse("{\"b\":" + Placeholders.of(1) + "}");
        assertThat(text(EventEncoder.event("a", inside, TWO, Delivery.ALL), null))
                .isEqualTo("452-[\"a\",{\"b\":" + Placeholders.of(1) + "}," + Placeholders.of(0) + "]");
    }

    @Test
    void packetsThatWouldEndTheClientsConnectionAreNotSent() {
        assertThat(EncodedPacket.of(EventEncoder.event("disconnect", 1), "/").isSendable())
                .isFalse();
        Data forged = Data.parse("{\"b\":" + Placeholders.of(2) + "}");
        assertThat(text(EventEncoder.event("a", forged, TWO, Delivery.ALL), null))
                .isEqualTo("42[\"a\",{\"b\":" + Placeholders.of(2) + "}]");
    }
}
