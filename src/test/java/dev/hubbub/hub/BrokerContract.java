package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Delivery;
import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests that every {@link Broker} must pass. */
abstract class BrokerContract {
    /** A broker that stores at least 1,000 events per room. */
    abstract Broker broker();

    /** Records the events delivered to it, and whether two threads delivered at the same time. */
    static final class Recorder implements Broker.Follower {
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        final List<Position> positions = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger overlaps = new AtomicInteger();
        private final AtomicInteger delivering = new AtomicInteger();
        private final String member;
        volatile Position opened;

        Recorder() {
            this(null);
        }

        /** @param member the id of the only member; null for none */
        Recorder(String member) {
            this.member = member;
        }

        @Override
        public void opened(Position position) {
            opened = position;
        }

        @Override
        public Runnable deliver(Frame event, Set<String> except, Set<String> reached) {
            if (delivering.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            boolean receives =
                    member == null || !(except.contains(member) || (reached != null && reached.contains(member)));
            if (receives) {
                events.add(event.text());
            }
            positions.add(event.position());
            if (reached != null && member != null) {
                reached.add(member);
            }
            delivering.decrementAndGet();
            return null;
        }
    }

    private static Frame event(Object text) {
        return Frame.text(String.valueOf(text));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private Position publish(String room, Object text) {
        return get(broker().publish(room, event(text), Set.of()));
    }

    private Recorder follow(String room) {
        Recorder follower = new Recorder();
        get(broker().open(room, follower));
        return follower;
    }

    @Test
    void eachEventHasTheNextPositionAndPublishReturnsIt() {
        Recorder follower = follow("a");
        Position first = publish("a", 1);
        Position second = publish("a", 2);
        assertThat(second).isEqualTo(new Position(first.epoch(), first.number() + 1));
        assertThat(follower.positions).containsExactly(first, second);
        assertThat(follower.events).containsExactly("1", "2");
        assertThat(broker().position("a")).isEqualTo(second);
    }

    @Test
    void eachRoomHasItsOwnEpoch() {
        assertThat(publish("a", 1).epoch()).isNotEqualTo(publish("b", 1).epoch());
    }

    @Test
    void anEventToARoomWithoutAFollowerHasTheNextPosition() {
        Recorder follower = follow("a");
        Position first = publish("a", 1);
        broker().close("a", follower);
        Position second = publish("a", 2);
        assertThat(second).isEqualTo(new Position(first.epoch(), 2));
        assertThat(follower.events).containsExactly("1");
        Recorder later = follow("a");
        assertThat(later.opened).isEqualTo(second);
        assertThat(get(broker().since("a", first.epoch(), 1, 10)).events())
                .extracting(stored -> stored.event().text())
                .containsExactly("2");
    }

    @Test
    void sinceReturnsTheEventsPublishedAfterAPosition() {
        Position first = publish("a", 1);
        publish("a", 2);
        Position third = publish("a", 3);
        Broker.HistoryRead read = get(broker().since("a", first.epoch(), 1, 10));
        assertThat(read.events()).extracting(stored -> stored.event().text()).containsExactly("2", "3");
        assertThat(read.events())
                .last()
                .extracting(stored -> stored.event().position())
                .isEqualTo(third);
        assertThat(read.position()).isEqualTo(third);
        assertThat(get(broker().since("a", first.epoch(), 1, 1)).events()).hasSize(1);
        assertThat(get(broker().since("a", first.epoch(), 3, 10)).events()).isEmpty();
    }

    @Test
    void unknownPositionsHaveNoEvents() {
        Position first = publish("a", 1);
        String other = publish("b", 1).epoch();
        assertThat(get(broker().since("a", other, 0, 10)).events()).isNull();
        assertThat(get(broker().since("a", first.epoch(), 999, 10)).events()).isNull();
        assertThat(get(broker().since("nobody", first.epoch(), 0, 10)).events()).isNull();
    }

    @Test
    void droppableEventsHaveNoPositionAndAreNotStored() {
        Recorder follower = follow("a");
        Position first = publish("a", 1);
        Position before = get(broker().publish("a", Frame.text("cursor", Delivery.DROPPABLE), Set.of()));
        Position second = publish("a", 2);
        assertThat(before).isEqualTo(first);
        assertThat(second.number()).isEqualTo(2);
        assertThat(follower.events).containsExactly("1", "cursor", "2");
        assertThat(follower.positions).containsExactly(first, null, second);
        assertThat(get(broker().since("a", first.epoch(), 0, 10)).events())
                .extracting(stored -> stored.event().text())
                .containsExactly("1", "2");
    }

    @Test
    void excludedClientsAreStoredWithTheEvent() {
        Position position = get(broker().publish("a", event(1), Set.of("kim")));
        assertThat(get(broker().since("a", position.epoch(), 0, 10)).events())
                .extracting(Broker.StoredEvent::except)
                .containsExactly(Set.of("kim"));
    }

    @Test
    void anEventToSeveralRoomsReachesAMemberOfBothOnce() {
        Recorder a = new Recorder("kim");
        Recorder b = new Recorder("kim");
        Recorder c = new Recorder("lee");
        broker().open("a", a);
        broker().open("b", b);
        broker().open("c", c);
        Map<String, Position> positions = get(broker().publish(List.of("c", "b", "a"), event(1), Set.of()));
        assertThat(positions).containsOnlyKeys("a", "b", "c");
        assertThat(a.events.size() + b.events.size()).isEqualTo(1);
        assertThat(c.events).containsExactly("1");
        // A member of the first room received it there; it is not resent when the client rejoins the second room.
        Broker.StoredEvent stored = get(broker().since("b", positions.get("b").epoch(), 0, 10))
                .events()
                .get(0);
        assertThat(stored.elsewhere()).contains(positions.get("a"));
        assertThat(stored.except()).isEmpty();
    }

    @Test
    void aReplacedFollowerCannotCloseTheRoom() {
        Recorder first = follow("a");
        Recorder second = follow("a");
        broker().close("a", first);
        publish("a", 1);
        assertThat(first.events).isEmpty();
        assertThat(second.events).containsExactly("1");
    }

    @Test
    void concurrentEventsAreDeliveredOneAtATimeInTheOrderOfTheRoom() throws Exception {
        Recorder a = follow("a");
        Recorder b = follow("b");
        int threads = 4;
        int each = 500;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            pool.execute(() -> {
                for (int i = 0; i < each; i++) {
                    String text = thread + ":" + i;
                    if (i % 5 == 0) {
                        broker().publish(List.of("a", "b"), event(text), Set.of());
                    } else {
                        broker().publish("a", event(text), Set.of());
                    }
                }
            });
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(a.overlaps).hasValue(0);
        assertThat(b.overlaps).hasValue(0);
        assertThat(a.positions).extracting(Position::number).isSorted().doesNotHaveDuplicates();
        assertThat(new HashSet<>(a.events)).hasSize(threads * each);
        for (int t = 0; t < threads; t++) {
            String prefix = t + ":";
            assertThat(a.events.stream()
                            .filter(text -> text.startsWith(prefix))
                            .map(text -> Integer.valueOf(text.substring(2))))
                    .isSorted()
                    .hasSize(each);
        }
        // The events to both rooms have the same order in both.
        assertThat(a.events.stream().filter(b.events::contains)).containsExactlyElementsOf(b.events);
    }
}
