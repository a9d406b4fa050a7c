package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hubbub.Data;
import dev.hubbub.json.Json;
import java.nio.charset.StandardCharsets;

/** Any text is rejected as a Socket.IO packet, or its data is valid JSON. */
class PacketFuzz {
    @FuzzTest
    void aPacketIsValidOrRejected(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            Packet packet = Packet.parse(text, 10);
            assertThat(packet.attachments()).isBetween(0, 10);
            if (packet.type().isEvent()) {
                assertThat(Packet.RESERVED).doesNotContain(packet.eventName());
            }
            if (packet.payload() != null && packet.payload().startsWith("[")) {
                Data data = packet.data();
                Json.read(data.json(), Object.class);
            }
        } catch (BadPacketException bad) {
            assertThat(bad.getMessage()).isNotEmpty();
        }
    }
}
