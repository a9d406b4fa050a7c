package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.RecordedLog;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that stop reading are closed, and others do not wait for them. */
class SlowClientTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    @Test
    void aSlowReaderIsClosedAndTheRoomDoesNotNotice() {
        LocalHub small = hubs.start(new TestHub().outbox(16, Duration.ofSeconds(15)));
        TestClient slow = new TestClient(small);
        TestClient healthy = new TestClient(small);
        small.room("a").join(slow.client);
        small.room("a").join(healthy.client);
        slow.socket.stall();
        for (int i = 0; i < 100; i++) {
            int n = i;
            small.room("a").emit("x", i);
            await().until(() -> healthy.socket.data("x").size() == n + 1);
        }
        await().until(() -> slow.socket.closeCode == 1013);
        healthy.receives("left", "{\"room\":\"a\",\"id\":\"" + slow.client.id() + "\"}");
        assertThat(small.size()).isEqualTo(1);
    }

    @Test
    void aClientForWhichAnEventWaitsTooLongIsClosed() {
        LocalHub fast = hubs.start(new TestHub()
                .outbox(100, Duration.ofMillis(200))
                .heartbeat(Duration.ofSeconds(1), Duration.ofMillis(100)));
        TestClient slow = new TestClient(fast);
        TestClient healthy = new TestClient(fast);
        slow.socket.stall();
        slow.client.emit("x", 1);
        healthy.client.emit("x", 1);
        await().until(() -> slow.socket.closeCode == 1013);
        assertThat(healthy.socket.closeCode).isZero();
    }

    @Test
    void aConnectionThatFailsWithAnErrorDoesNotKeepOthersFromTheirEvents() {
        LocalHub hub = hubs.start(new TestHub().writers(1).presence("*=off", 0));
        RecordingConnection broken = new RecordingConnection() {
            @Override
            public void send(Frame frame, boolean more, Sent sent) {
                if (frame.text().contains("\"x\"")) {
                    throw new NoSuchMethodError("of another version");
                }
                super.send(frame, more, sent);
            }
        };
        LocalClient first =
                TestHub.connect(hub, broken, new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
        hub.room("a").join(first);
        TestClient healthy = new TestClient(hub);
        hub.room("a").join(healthy.client);
        hub.room("a").emit("x", 1);
        healthy.receives("x", "1");
    }

    /** Records the lines about closed clients, and blocks the thread that logs them until it is told to proceed. */
    private static final class BlockedLog extends RecordedLog {
        final CountDownLatch proceed = new CountDownLatch(1);

        BlockedLog() {
            super(Level.INFO);
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel() == Level.INFO && line.getMessage().contains("Closing")) {
                try {
                    proceed.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.publish(line);
            }
        }

        @Override
        public void close() {
            proceed.countDown();
            super.close();
        }
    }

    @Test
    void slowClientsAreLoggedInFewLinesAndTheRoomDoesNotWaitForTheLog() {
        // Without presence, whose events alone fill so small an outbox when the writers are late.
        LocalHub hub =
                hubs.start(new TestHub().outbox(16, Duration.ofSeconds(15)).presence("*=off", 0));
        List<TestClient> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            TestClient testClient = new TestClient(hub);
            hub.room("a").join(testClient.client);
            testClient.awaitHello();
            slow.add(testClient);
        }
        TestClient healthy = new TestClient(hub);
        hub.room("a").join(healthy.client);
        slow.forEach(testClient -> testClient.socket.stall());
        try (BlockedLog log = new BlockedLog()) {
            for (int i = 0; i < 40; i++) {
                int n = i;
                hub.room("a").emit("x", i); // while logging is blocked
                await().until(() -> healthy.socket.data("x").size() == n + 1);
            }
            log.proceed.countDown();
            await().until(() -> hub.size() == 1);
            await().until(() -> !log.messages.isEmpty()); // another thread logs
            assertThat(log.messages).hasSizeLessThanOrEqualTo(20);
        }
    }
}
