package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.RawWebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Large messages, and what only pretends to be one, on a small heap. */
class LargeMessagesIT {
    private static final int SOCKETS = 200;

    @Test
    void aMessageMayHaveAsManyBytesAsTheSettingAllows() throws Exception {
        try (WarProcess war = WarProcess.start("-Xmx512m", "-Dhubbub.max-payload=16777216");
                EventClient client = EventClient.connect(war.events())) {
            String text = "x".repeat(6_000_000);
            client.send("{\"name\":\"echo\",\"id\":1,\"data\":\"" + text + "\"}");
            assertThat(client.next("ack").data().json()).hasSize(text.length() + 2);
            assertThat(war.output).noneMatch(line -> line.contains("Exception"));
        }
    }

    /** Together they announce, and send, three times as much as the heap has. */
    @Test
    void messagesThatAnnounceTooMuchDoNotFillTheHeap() throws Exception {
        byte[] start = ByteBuffer.allocate(3_800_000)
                .put((byte) 0x81)
                .put((byte) 0xff)
                .putLong(3_900_000)
                .array();
        List<RawWebSocket> sockets = new ArrayList<>();
        try (WarProcess war = WarProcess.start("-Xmx256m")) {
            for (int i = 0; i < SOCKETS; i++) {
                RawWebSocket socket = RawWebSocket.open(war.url(), "events");
                sockets.add(socket);
                socket.send(start);
            }
            for (RawWebSocket socket : sockets) {
                assertThat(socket.awaitCloseCode()).isEqualTo(1009);
            }
            assertThat(HandshakeProbe.request(war.url(), "GET", "health", "").status())
                    .isEqualTo(200);
            assertThat(war.output).noneMatch(line -> line.contains("OutOfMemoryError"));
        } finally {
            for (RawWebSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
