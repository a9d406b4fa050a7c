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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests that every {@link Broker} must pass. */
public abstract class BrokerContract {
    /** A broker that stores at least 1,000 events per room. */
    protected abstract Broker broker();

    /** Records the events delivered to it, and whether two threads delivered at the same time. */
    protected static final class Recorder implements Broker.Follower {
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
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Position publish(String room, Object text) {
        return get(broker().publish(room, event(text), Set.of(), Source.SERVER));
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
        assertThat(get(broker().since("a", Map.of(first.epoch(), 1L), 10)).events())
                .extracting(stored -> stored.event().text())
                .containsExactly("2");
    }

    @Test
    void sinceReturnsTheEventsPublishedAfterAPosition() {
        Position first = publish("a", 1);
        publish("a", 2);
        Position third = publish("a", 3);
        Broker.HistoryRead read = get(broker().since("a", Map.of(first.epoch(), 1L), 10));
        assertThat(read.events()).extracting(stored -> stored.event().text()).containsExactly("2", "3");
        assertThat(read.events())
                .last()
                .extracting(stored -> stored.event().position())
                .isEqualTo(third);
        assertThat(read.position()).isEqualTo(third);
        assertThat(get(broker().since("a", Map.of(first.epoch(), 1L), 1)).events())
                .hasSize(1);
        assertThat(get(broker().since("a", Map.of(first.epoch(), 3L), 10)).events())
                .isEmpty();
    }

    @Test
    void unknownPositionsHaveNoEvents() {
        Position first = publish("a", 1);
        String other = publish("b", 1).epoch();
        assertThat(get(broker().since("a", Map.of(other, 0L), 10)).events()).isNull();
        assertThat(get(broker().since("a", Map.of(first.epoch(), 999L), 10)).events())
                .isNull();
        assertThat(get(broker().since("nobody", Map.of(first.epoch(), 0L), 10)).events())
                .isNull();
    }

    @Test
    void droppableEventsHaveNoPositionAndAreNotStored() {
        Recorder follower = follow("a");
        Position first = publish("a", 1);
        Position before = get(broker().publish("a", Frame.text("cursor", Delivery.DROPPABLE), Set.of(), Source.SERVER));
        Position second = publish("a", 2);
        assertThat(before).isEqualTo(first);
        assertThat(second.number()).isEqualTo(2);
        assertThat(follower.events).containsExactly("1", "cursor", "2");
        assertThat(follower.positions).containsExactly(first, null, second);
        assertThat(get(broker().since("a", Map.of(first.epoch(), 0L), 10)).events())
                .extracting(stored -> stored.event().text())
                .containsExactly("1", "2");
    }

    @Test
    void excludedClientsAreStoredWithTheEvent() {
        Position position = get(broker().publish("a", event(1), Set.of("kim"), Source.SERVER));
        assertThat(get(broker().since("a", Map.of(position.epoch(), 0L), 10)).events())
                .extracting(Broker.StoredEvent::except)
                .containsExactly(Set.of("kim"));
    }

    @Test
    void anEventToSeveralRoomsReachesAMemberOfBothOnce() {
        Recorder a = new Recorder("kim");
        Recorder b = new Recorder("kim");
        Recorder c = new Recorder("lee");
        get(broker().open("a", a));
        get(broker().open("b", b));
        get(broker().open("c", c));
        Map<String, Position> positions =
                get(broker().publish(List.of("c", "b", "a"), event(1), Set.of(), Source.SERVER));
        assertThat(positions).containsOnlyKeys("a", "b", "c");
        assertThat(a.events.size() + b.events.size()).isEqualTo(1);
        assertThat(c.events).containsExactly("1");
        // A member of the first room received it there; it is not resent when the client rejoins the second room.
        Broker.StoredEvent stored = get(broker().since(
                                "b", Map.of(positions.get("b").epoch(), 0L), 10))
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
        Queue<CompletionStage<?>> published = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            pool.execute(() -> {
                for (int i = 0; i < each; i++) {
                    String text = thread + ":" + i;
                    if (i % 5 == 0) {
                        published.add(broker().publish(List.of("a", "b"), event(text), Set.of(), Source.SERVER));
                    } else {
                        published.add(broker().publish("a", event(text), Set.of(), Source.SERVER));
                    }
                }
            });
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        published.forEach(BrokerContract::get);
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

    private List<String> texts(Broker.HistoryPage page) {
        return page.events().stream().map(stored -> stored.event().text()).toList();
    }

    @Test
    void beforeReturnsTheLastEventsAndThenEarlierPages() {
        List<Position> positions = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            positions.add(publish("a", i));
        }
        Broker.HistoryPage last = get(broker().before("a", null, 2));
        assertThat(texts(last)).containsExactly("4", "5");
        assertThat(last.more()).isTrue();
        assertThat(last.position()).isEqualTo(positions.get(4));
        assertThat(last.events())
                .extracting(stored -> stored.event().position())
                .isEqualTo(positions.subList(3, 5));
        assertThat(last.events().get(0).at())
                .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 1_000);
        Broker.HistoryPage first = get(broker().before("a", positions.get(2), 2));
        assertThat(texts(first)).containsExactly("1", "2");
        assertThat(first.more()).isFalse();
        assertThat(texts(get(broker().before("a", positions.get(0), 2)))).isEmpty();
        assertThat(texts(get(broker().before("a", new Position(positions.get(0).epoch(), 99), 9))))
                .hasSize(5);
    }

    @Test
    void deletedEventsAreNotRead() {
        Position first = publish("a", 1);
        Position second = publish("a", 2);
        publish("a", 3);
        assertThat(get(broker().delete("a", second))).isTrue();
        assertThat(get(broker().delete("a", second))).isFalse();
        assertThat(get(broker().delete("a", new Position(first.epoch(), 99)))).isFalse();
        assertThat(get(broker().delete("nobody", second))).isFalse();
        assertThat(texts(get(broker().before("a", null, 9)))).containsExactly("1", "3");
        assertThat(get(broker().since("a", Map.of(first.epoch(), 1L), 9)).events())
                .as("what was deleted is not missing")
                .extracting(stored -> stored.event().text())
                .containsExactly("3");
    }

    @Test
    void roomsAreEmptiedAndTheirOrderGoesOn() throws Exception {
        Position first = publish("a", 1);
        publish("a", 2);
        publish("b", 1);
        assertThat(get(broker().deleteAll("a"))).isEqualTo(2);
        assertThat(get(broker().deleteAll("nobody"))).isZero();
        assertThat(texts(get(broker().before("a", null, 9)))).isEmpty();
        assertThat(texts(get(broker().before("b", null, 9)))).containsExactly("1");
        assertThat(get(broker().since("a", Map.of(first.epoch(), 1L), 9)).events())
                .isNull();
        TimeUnit.MILLISECONDS.sleep(2); // a cluster knows only when it was emptied
        Position third = publish("a", 3);
        assertThat(third).isEqualTo(new Position(first.epoch(), 3));
        assertThat(texts(get(broker().before("a", null, 9)))).containsExactly("3");
        assertThat(get(broker().since("a", Map.of(first.epoch(), 2L), 9)).events())
                .hasSize(1);
        get(broker().forgetEvents());
        assertThat(texts(get(broker().before("a", null, 9)))).isEmpty();
        assertThat(texts(get(broker().before("b", null, 9)))).isEmpty();
    }

    @Test
    void nothingIsBeforeAPositionOfAnotherRoom() {
        publish("a", 1);
        Position other = publish("b", 1);
        assertThat(get(broker().before("a", other, 9)).events()).isEmpty();
        assertThat(get(broker().before("nobody", null, 9)).events()).isEmpty();
    }

    @Test
    void anEventWithAKnownKeyIsNotPublishedAgain() {
        Recorder follower = follow("a");
        Source kim = Source.user("kim");
        Position first = get(broker().publish("a", event(1), Set.of(), kim.withKey("k")));
        assertThat(get(broker().publish("a", event(2), Set.of(), kim.withKey("k"))))
                .isEqualTo(first);
        assertThat(follower.events).containsExactly("1");
        publish("a", 3);
        assertThat(get(broker().publish("a", event(4), Set.of(), kim.withKey("k2")))
                        .number())
                .isEqualTo(first.number() + 2);
        assertThat(follower.events).containsExactly("1", "3", "4");
    }

    @Test
    void eventsWithKeysAreAcknowledgedWhateverTheEpochBeginsWith() {
        for (int room = 0; room < 500; room++) {
            Source kim = Source.user("kim").withKey("k");
            Position first = get(broker().publish("room" + room, event(1), Set.of(), kim));
            assertThat(get(broker().publish("room" + room, event(1), Set.of(), kim)))
                    .isEqualTo(first);
        }
    }

    @Test
    void keysCountForTheRoomAndTheUser() {
        Recorder follower = follow("a");
        for (Source source : List.of(Source.SERVER, Source.user(null), Source.user("kim"), Source.user("anonymous"))) {
            get(broker().publish("a", event(source.user()), Set.of(), source.withKey("k")));
            get(broker().publish("a", event(source.user()), Set.of(), source.withKey("K")));
        }
        assertThat(follower.events).hasSize(8);
        Recorder other = follow("b");
        get(broker().publish("b", event(1), Set.of(), Source.SERVER.withKey("k")));
        assertThat(other.events).hasSize(1);
    }

    @Test
    void anEventToSeveralRoomsIsPublishedWhereItsKeyIsNew() {
        Source source = Source.user("kim").withKey("k");
        Position first = get(broker().publish("a", event(1), Set.of(), source));
        Recorder a = follow("a");
        Recorder b = follow("b");
        Map<String, Position> positions = get(broker().publish(List.of("a", "b"), event(1), Set.of(), source));
        assertThat(positions.get("a")).isEqualTo(first);
        assertThat(a.events).isEmpty();
        assertThat(b.events).containsExactly("1");
        assertThat(get(broker().publish(List.of("a", "b"), event(1), Set.of(), source)))
                .isEqualTo(positions);
        assertThat(b.events).hasSize(1);
        publish("b", 2);
        assertThat(b.events).containsExactly("1", "2");
    }
}
