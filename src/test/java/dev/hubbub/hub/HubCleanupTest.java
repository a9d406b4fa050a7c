package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.EventException;
import dev.hubbub.Join;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients and rooms that are gone leave nothing in memory. */
class HubCleanupTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());

    private TestClient connect() {
        return new TestClient(hub);
    }

    @Test
    void disconnectedClientsAndEmptyRoomsLeaveNothingBehind() {
        for (int i = 0; i < 100_000; i++) {
            TestClient testClient = connect();
            hub.room("room-" + i).join(testClient.client);
            hub.room("shared-" + i / 10).join(testClient.client);
            if (i % 2 == 0) {
                hub.room("room-" + i).leave(testClient.client);
            }
            testClient.disconnect();
        }
        assertThat(hub.size()).isZero();
        assertThat(hub.roomNames()).isEmpty();
    }

    @Test
    void concurrentJoinsAndDisconnectsLeaveNothingBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 5_000; i++) {
            TestClient testClient = connect();
            threads.execute(testClient::disconnect);
            try {
                hub.room("a").join(testClient.client);
                hub.room("b" + i).join(testClient.client);
            } catch (EventException disconnected) {
                assertThat(disconnected.code()).isEqualTo("disconnected");
            }
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(hub.roomNames()).isEmpty();
        assertThat(hub.size()).isZero();
    }

    @Test
    void concurrentJoinsAndLeavesLeaveNothingBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 10_000; i++) {
            TestClient testClient = connect();
            hub.room("a").join(testClient.client);
            CyclicBarrier barrier = new CyclicBarrier(2);
            Future<?> leaving = threads.submit(() -> {
                awaitOther(barrier);
                hub.room("a").leave(testClient.client);
            });
            awaitOther(barrier);
            hub.room("a").join(testClient.client);
            leaving.get();
            testClient.disconnect();
            assertThat(hub.roomNames()).isEmpty();
        }
        threads.shutdown();
    }

    private static void awaitOther(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void roomsThatAreEmptiedRepeatedlyLeaveNoTimers() {
        LocalHub withoutGrace = hubs.start(new TestHub().grace(Duration.ZERO));
        TestClient testClient = new TestClient(withoutGrace);
        int before = withoutGrace.services().scheduler().size();
        for (int i = 0; i < 5_000; i++) {
            withoutGrace.room("a").join(testClient.client, Join.PLAIN.since(""));
            withoutGrace.room("a").emit("x", i);
            withoutGrace.room("a").leave(testClient.client);
        }
        assertThat(withoutGrace.services().scheduler().size()).isLessThanOrEqualTo(before + 2);
    }
}
