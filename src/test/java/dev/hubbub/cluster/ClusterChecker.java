package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes to one room on several nodes without a pause, and checks what their members got: the same order everywhere, no hole,
 * nothing twice, everything that was acknowledged, and nothing that was answered {@code unavailable}.
 */
final class ClusterChecker implements AutoCloseable {
    private static final String ROOM = "checked";

    private final List<LocalHub> hubs;
    private final List<TestClient> members = new ArrayList<>();
    private final List<Thread> publishers = new ArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> unavailable = ConcurrentHashMap.newKeySet();
    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean stopped;

    ClusterChecker(LocalHub... hubs) {
        this.hubs = List.of(hubs);
        for (LocalHub hub : hubs) {
            TestClient member = new TestClient(hub);
            hub.room(ROOM).join(member.client).toCompletableFuture().join();
            members.add(member);
        }
        for (int i = 0; i < hubs.length; i++) {
            int number = i;
            Thread publisher = new Thread(() -> publish(number));
            publisher.start();
            publishers.add(publisher);
        }
        awaitAcknowledged(50);
    }

    private void publish(int node) {
        for (int i = 0; !stopped; i++) {
            String text = node + "-" + i;
            published.incrementAndGet();
            try {
                hubs.get(node).room(ROOM).publish("n", text).whenComplete((position, failure) -> {
                    (failure == null ? acknowledged : unavailable).add(text);
                    answered.incrementAndGet();
                });
            } catch (RuntimeException full) {
                unavailable.add(text);
                answered.incrementAndGet();
            }
            try {
                TimeUnit.MICROSECONDS.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Waits until so many more events have been acknowledged. */
    void awaitAcknowledged(int more) {
        int before = acknowledged.size();
        await().atMost(Duration.ofSeconds(40)).until(() -> acknowledged.size() >= before + more);
    }

    void awaitUnavailable() {
        await().atMost(Duration.ofSeconds(40)).until(() -> !unavailable.isEmpty());
    }

    private static List<String> received(TestClient member) {
        return member.socket.data("n");
    }

    long lost() {
        return members.stream()
                .mapToLong(member -> member.socket.data("lost").size())
                .sum();
    }

    /** Stops publishing and checks. */
    void check() throws InterruptedException {
        end();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            for (TestClient member : members) {
                assertThat(new HashSet<>(received(member)))
                        .containsAll(acknowledged.stream()
                                .map(text -> '"' + text + '"')
                                .toList());
            }
        });
        List<String> first = received(members.get(0));
        for (TestClient member : members) {
            assertThat(received(member)).as("one order").isEqualTo(first);
            assertThat(member.socket.data("lost")).isEmpty();
        }
        checkEach(first);
    }

    /**
     * As {@link #check}, after a Redis with all that it knew has died: some nodes may have got what others can no longer get. What
     * several got has one order.
     */
    void checkWhatIsLeft() throws InterruptedException {
        end();
        List<String> first = received(members.get(0));
        for (TestClient member : members) {
            List<String> other = received(member);
            List<String> common = new ArrayList<>(first);
            common.retainAll(new HashSet<>(other));
            List<String> sameOrder = new ArrayList<>(other);
            sameOrder.retainAll(new HashSet<>(first));
            assertThat(sameOrder).as("one order").isEqualTo(common);
            assertThat(first.size() + other.size() - 2 * common.size())
                    .as("missing somewhere")
                    .isLessThan(200);
        }
        checkEach(first);
    }

    private void end() throws InterruptedException {
        stopped = true;
        for (Thread publisher : publishers) {
            publisher.join();
        }
        await().atMost(Duration.ofSeconds(40)).until(() -> answered.get() == published.get());
    }

    private void checkEach(List<String> first) {
        assertThat(first).as("nothing twice").doesNotHaveDuplicates();
        Set<String> refused = new HashSet<>();
        unavailable.forEach(text -> refused.add('"' + text + '"'));
        refused.retainAll(first);
        assertThat(refused).as("unavailable, and yet delivered").isEmpty();
        Map<String, Integer> last = new HashMap<>();
        for (String text : first) {
            String[] parts = text.substring(1, text.length() - 1).split("-");
            int number = Integer.parseInt(parts[1]);
            assertThat(number).as("order of publisher " + parts[0]).isGreaterThan(last.getOrDefault(parts[0], -1));
            last.put(parts[0], number);
        }
    }

    @Override
    public String toString() {
        return published + " published, " + acknowledged.size() + " acknowledged, " + unavailable.size()
                + " unavailable";
    }

    @Override
    public void close() {
        stopped = true;
    }
}
