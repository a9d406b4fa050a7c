package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.RecordedLog;
import dev.hubbub.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks of the application that are repeated, and end with what they belong to. */
class TimersTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void aTimerOfAClientEndsWithTheClient() {
        TestClient kim = new TestClient(hub);
        Timer timer = kim.client.every(SHORT, () -> kim.client.emit("tick", runs.incrementAndGet()));
        await().until(() -> kim.socket.data("tick").size() > 2);
        kim.disconnect();
        assertThat(timer.isCancelled()).isTrue();
        assertThat(kim.client.every(SHORT, runs::incrementAndGet).isCancelled()).isTrue();
    }

    @Test
    void aTaskThatThrowsIsLoggedOnceAndRepeated() {
        try (RecordedLog log = new RecordedLog(Level.SEVERE)) {
            hub.every(SHORT, () -> {
                runs.incrementAndGet();
                throw new IllegalStateException("broken");
            });
            await().until(() -> runs.get() > 5);
            assertThat(log.messages).hasSize(1).first().asString().contains("The timer of the hub failed");
        }
    }

    @Test
    void runsDoNotOverlap() throws InterruptedException {
        CountDownLatch proceed = new CountDownLatch(1);
        hub.every(SHORT, () -> {
            if (runs.incrementAndGet() == 1) {
                try {
                    proceed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        AtomicInteger other = new AtomicInteger();
        hub.every(SHORT, other::incrementAndGet);
        await().until(() -> other.get() > 10);
        assertThat(runs).hasValue(1);
        proceed.countDown();
        await().until(() -> runs.get() > 2);
    }

    @Test
    void aCancelledTimerRunsNoMore() {
        Timer timer = hub.every(SHORT, runs::incrementAndGet);
        await().until(() -> runs.get() > 0);
        timer.cancel();
        await().until(() -> hub.services().application().pending() == 0);
        int before = runs.get();
        AtomicInteger other = new AtomicInteger();
        hub.every(SHORT, other::incrementAndGet);
        await().until(() -> other.get() > 10);
        assertThat(runs).hasValue(before);
    }

    @Test
    void aTaskForOneNodeRunsOnlyWhereTheLeaseIs() {
        AtomicBoolean held = new AtomicBoolean();
        List<String> names = new java.util.concurrent.CopyOnWriteArrayList<>();
        hub.joinNodes(RemoteClients.NONE, new Leases() {
            @Override
            public Lease compete(String name) {
                names.add(name);
                return held::get;
            }

            @Override
            public void whenEmpty(String room, Runnable task) {}
        });
        Timer timer = hub.everyOnOneNode("report", SHORT, runs::incrementAndGet);
        assertThat(hub.everyOnOneNode("report", SHORT, runs::incrementAndGet)).isSameAs(timer);
        AtomicInteger other = new AtomicInteger();
        hub.every(SHORT, other::incrementAndGet);
        await().until(() -> other.get() > 10);
        assertThat(runs).hasValue(0);
        held.set(true);
        await().until(() -> runs.get() > 0);
        assertThat(names).containsExactly("timer report");
    }

    @Test
    void allTimersEndWhenTheHubStops() {
        Timer timer = hub.every(SHORT, runs::incrementAndGet);
        Timer one = hub.everyOnOneNode("report", SHORT, runs::incrementAndGet);
        hub.stop(Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThat(timer.isCancelled()).isTrue();
        assertThat(one.isCancelled()).isTrue();
    }

    @Test
    void anIntervalMustBePositive() {
        assertThatThrownBy(() -> hub.every(Duration.ZERO, () -> {})).isInstanceOf(IllegalArgumentException.class);
    }
}
