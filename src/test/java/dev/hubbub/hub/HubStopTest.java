package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Draining and stopping a hub. */
class HubStopTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());

    private TestClient connect() {
        return new TestClient(hub);
    }

    @Test
    void drainingFinallyClosesAClientThatReadsNothing() {
        TestClient stuck = connect();
        stuck.socket.stall();
        stuck.client.emit("restart", 1);
        assertThat(Drain.dismiss(hub, 10, false)).isEqualTo(1);
        assertThat(stuck.client.isConnected()).isTrue(); // the hub still waits for it
        assertThat(Drain.dismiss(hub, 10, true)).isEqualTo(1);
        await().until(() -> stuck.socket.closeCode == 1012);
        assertThat(stuck.client.isConnected()).isFalse();
    }

    @Test
    void stopSendsWhatIsQueuedAndClosesWith1012() {
        TestClient kim = connect();
        kim.client.emit("last", 1);
        hub.stop(Duration.ofSeconds(5), Duration.ZERO);
        assertThat(kim.socket.closeCode).isEqualTo(1012);
        assertThat(kim.socket.data("last")).hasSize(1);
        TestClient late = connect();
        await().until(() -> late.socket.closeCode == 1012);
    }

    @Test
    void stopWaitsForTheHandlersOfDisconnectedClients() {
        CountDownLatch started = new CountDownLatch(6);
        CountDownLatch proceed = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(6);
        hub.onDisconnect((client, close) -> client.mailbox().addLast(() -> {
            started.countDown();
            try {
                proceed.await();
                ended.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        for (int i = 0; i < 6; i++) {
            new TestClient(hub);
        }
        Thread stop = new Thread(() -> hub.stop(Duration.ofSeconds(5), Duration.ofSeconds(20)));
        stop.start();
        await().until(() -> started.getCount() == 0);
        await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
        assertThat(ended.getCount()).isEqualTo(6);
        proceed.countDown();
        await().until(() -> !stop.isAlive());
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void tasksAfterTheStopNeverRunOnTheCallingThread() throws Exception {
        hub.stop(Duration.ZERO, Duration.ZERO);
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        hub.services().closers().execute(() -> threads.add(Thread.currentThread()));
        hub.services().writers().execute("test", () -> threads.add(Thread.currentThread()));
        await().until(() -> threads.size() == 2);
        assertThat(threads).doesNotContain(Thread.currentThread());
    }
}
