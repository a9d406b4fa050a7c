package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes are those of @socket.io/redis-emitter 5.1.0. */
class SocketIoPacketTest {
    private static final String BINARY =
            "93a7656d697474657283a47479706502a46461746193a362696ec403010203a56166746572a36e7370a12f83a5726f"
                    + "6f6d7391a56c6f626279a5666c61677381a8766f6c6174696c65c3a665786365707490";
    private static final String ALL =
            "93a7656d697474657283a47479706502a46461746191a3616c6ca36e7370a12f83a5726f6f6d7390a5666c61677380a665786365707490";
    private static final String SEVERAL =
            "93a7656d697474657283a47479706502a46461746192a56d756c746901a36e7370a12f83a5726f6f6d7392a161a162"
                    + "a5666c61677380a665786365707491a163";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void anEventWithBytesToOneRoomIsVolatile() {
        SocketIoPacket packet = SocketIoPacket.parse(bytes(BINARY));
        assertThat(packet.uid()).isEqualTo("emitter");
        assertThat(packet.namespace()).isEqualTo("/");
        assertThat(packet.name()).isEqualTo("bin");
        assertThat(packet.data().json()).isEqualTo("[{\"_placeholder\":true,\"num\":0},\"after\"]");
        assertThat(packet.data().isArguments()).isTrue();
        assertThat(packet.attachments()).containsExactly(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(packet.rooms()).containsExactly("lobby");
        assertThat(packet.except()).isEmpty();
        assertThat(packet.delivery()).isEqualTo(Delivery.DROPPABLE);
        assertThat(packet.channel()).isEqualTo("socket.io#/#lobby#");
    }

    @Test
    void anEventToAllHasNoRoomsAndNoData() {
        SocketIoPacket packet = SocketIoPacket.parse(bytes(ALL));
        assertThat(packet.name()).isEqualTo("all");
        assertThat(packet.data().isNone()).isTrue();
        assertThat(packet.rooms()).isEmpty();
        assertThat(packet.delivery()).isEqualTo(Delivery.ALL);
        assertThat(packet.channel()).isEqualTo("socket.io#/#");
    }

    @Test
    void anEventHasSeveralRoomsAndExcludesOne() {
        SocketIoPacket packet = SocketIoPacket.parse(bytes(SEVERAL));
        assertThat(packet.data().json()).isEqualTo("1");
        assertThat(packet.rooms()).containsExactly("a", "b");
        assertThat(packet.except()).containsExactly("c");
        assertThat(packet.channel()).isEqualTo("socket.io#/#");
    }

    @Test
    void whatHubbubWritesIsWhatTheEmitterWrites() {
        for (String hex : List.of(BINARY, ALL, SEVERAL)) {
            SocketIoPacket packet = SocketIoPacket.parse(bytes(hex));
            Frame frame = packet.frame();
            SocketIoPacket again =
                    SocketIoPacket.of("emitter", packet.namespace(), frame, packet.rooms(), packet.except());
            assertThat(HexFormat.of().formatHex(again.encoded())).isEqualTo(hex);
        }
    }

    @Test
    void allTypesOfValuesReturnAsTheyWere() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("long", List.of(0L, -1L, -33L, 127L, 128L, 40_000L, -40_000L, 1L << 40, Long.MIN_VALUE));
        object.put("double", 1.5);
        object.put("none", null);
        object.put("bool", List.of(true, false));
        object.put("text", "ä".repeat(300) + "𝄞");
        object.put("many", new ArrayList<>(java.util.Collections.nCopies(70_000, 7L)));
        assertThat(MessagePack.read(MessagePack.write(object))).isEqualTo(object);
        byte[] binary = new byte[70_000];
        Arrays.fill(binary, (byte) 3);
        assertThat((byte[]) MessagePack.read(MessagePack.write(binary))).isEqualTo(binary);
    }

    @Test
    void timesAreTextAndUndefinedIsNull() {
        assertThat(MessagePack.read(bytes("d6ff00000001"))).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(MessagePack.read(bytes("d7ff773594000000000a"))).isEqualTo("1970-01-01T00:00:10.500Z");
        assertThat(MessagePack.read(bytes("d40000"))).isNull();
        assertThat(MessagePack.read(bytes("cfffffffffffffffff"))).hasToString("18446744073709551615");
    }

    @Test
    void bytesAtTheEndAreAttachmentsWithoutAPlaceholder() {
        List<ByteBuffer> attachments = new ArrayList<>();
        Data data = SocketIoValues.data(List.of("text", new byte[] {1}), attachments);
        assertThat(data.json()).isEqualTo("\"text\"");
        assertThat(attachments).hasSize(1);
        List<Object> arguments = SocketIoValues.arguments(data, attachments);
        assertThat(arguments).hasSize(2).first().isEqualTo("text");
        assertThat((byte[]) arguments.get(1)).containsExactly(1);
    }

    @Test
    void malformedMessagesAreRejected() {
        List<String> malformed = new ArrayList<>(List.of(
                "",
                "c1",
                "93a161",
                "dfffffffff",
                "ddffffffff",
                "c6ffffffff00",
                ALL + "00",
                "d404ff",
                "91".repeat(200_000),
                HexFormat.of().formatHex("{\"uid\":1}".getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
        for (int end = 2; end < BINARY.length(); end += 2) {
            malformed.add(BINARY.substring(0, end));
        }
        malformed.forEach(hex -> assertThatThrownBy(() -> SocketIoPacket.parse(bytes(hex)))
                .as(hex.substring(0, Math.min(100, hex.length())))
                .isInstanceOf(IllegalArgumentException.class));
        assertThatThrownBy(() -> SocketIoPacket.parse(new byte[2 << 20])).hasMessageContaining("bytes");
    }

    @Test
    void reservedNamesAndNamesOfRoomsWithControlCharactersAreRejected() {
        for (Object name : List.of("connect", "disconnect", "", "x".repeat(129))) {
            assertThatThrownBy(() -> SocketIoPacket.of("u", Map.of("type", 2L, "data", List.of(name)), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SocketIoPacket.of(
                        "u", Map.of("type", 2L, "data", List.of("x")), Map.of("rooms", List.of("\u0001all"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(SocketIoPacket.of("u", "/", EventEncoder.event("connect", 1), List.of(), List.of()))
                .isNull();
    }
}
