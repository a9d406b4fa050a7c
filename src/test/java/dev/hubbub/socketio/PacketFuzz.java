package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hubbub.Data;
import dev.hubbub.json.Json;
import java.nio.charset.StandardCharsets;

/** Whatever comes as a packet of Socket.IO: it is bad, or its data is JSON for every parser. */
class PacketFuzz {
    @FuzzTest
    void aPacketIsWhatItSaysOrBad(byte[] bytes) {
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
