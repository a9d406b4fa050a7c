package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeartbeatTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    @Test
    void theHeartbeatPingsAndTimesOutSilentClients() {
        LocalHub fast = hubs.start(new TestHub().heartbeat(Duration.ofMillis(100), Duration.ofMillis(300)));
        TestClient alive = new TestClient(fast);
        TestClient silent = new TestClient(fast);
        fast.room("a").join(silent.client);
        await().until(() -> {
            alive.client.heard();
            return silent.socket.closeCode != 0;
        });
        assertThat(silent.socket.frames).contains("PING");
        assertThat(alive.socket.frames.stream().filter("PING"::equals).count()).isGreaterThan(1);
        assertThat(alive.socket.closeCode).isZero();
        assertThat(fast.roomNames()).isEmpty();
    }

    private static LocalClient connect(LocalHub hub, RecordingConnection socket, Identity identity) {
        return TestHub.connect(hub, socket, new Handshake("127.0.0.1", Map.of(), Map.of(), identity));
    }

    @Test
    void pingsAreWrittenByWriterThreads() {
        LocalHub hub = hubs.start(new TestHub().heartbeat(Duration.ofMillis(100), Duration.ofSeconds(20)));
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        RecordingConnection socket = new RecordingConnection() {
            @Override
            public void send(Frame frame, boolean more, Sent sent) {
                if (frame == Frame.PING) {
                    threads.add(Thread.currentThread().getName());
                }
                super.send(frame, more, sent);
            }
        };
        connect(hub, socket, Identity.ANONYMOUS);
        await().until(() -> !threads.isEmpty());
        assertThat(threads.get(0)).startsWith("hubbub-writer-");
    }

    @Test
    void aClientDoesNotTimeOutWhileItsPingIsQueued() {
        LocalHub hub = hubs.start(new TestHub().heartbeat(Duration.ofMillis(100), Duration.ofMillis(400)));
        RecordingConnection socket = new RecordingConnection();
        LocalClient client = connect(hub, socket, Identity.ANONYMOUS);
        socket.stall();
        client.emit("x", 1);
        // A frame is being sent, so the ping is queued behind it; the client goes on reading in time.
        await().until(() -> client.pingDue());
        client.progressed();
        socket.resume();
        await().until(() -> socket.frames.contains("PING"));
        assertThat(client.isConnected()).isTrue();
    }
}
