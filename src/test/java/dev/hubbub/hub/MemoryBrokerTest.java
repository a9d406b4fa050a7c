package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryBrokerTest extends BrokerContract {
    private static final long MEMORY = 1 << 20;

    private final AtomicLong available = new AtomicLong(MEMORY);
    private final MemoryBroker broker = broker(10_000, Duration.ofMinutes(1));

    private MemoryBroker broker(int events, Duration age) {
        return new MemoryBroker(new RoomLog.Limits(events, events * 1_024L, age, available), null, "/");
    }

    @Override
    protected Broker broker() {
        return broker;
    }

    private static Position publish(Broker to, String room, String text) {
        return to.publish(room, Frame.text(text), Set.of(), Source.SERVER)
                .toCompletableFuture()
                .join();
    }

    @Test
    void aClosedRoomExpiresAndStartsANewEpoch() {
        MemoryBroker expiring = broker(100, Duration.ofMillis(20));
        Position before = publish(expiring, "a", "x");
        await().until(() -> {
            expiring.forgetOld();
            return expiring.size() == 0;
        });
        assertThat(available).hasValue(MEMORY);
        Position after = publish(expiring, "a", "x");
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(after.number()).isEqualTo(1);
    }

    @Test
    void anOpenRoomDoesNotExpireButItsOldEventsDo() {
        MemoryBroker expiring = broker(100, Duration.ofMillis(20));
        expiring.open("a", new Recorder());
        Position position = publish(expiring, "a", "x");
        await().until(() -> {
            expiring.forgetOld();
            return available.get() == MEMORY;
        });
        assertThat(publish(expiring, "a", "x")).isEqualTo(new Position(position.epoch(), 2));
        assertThat(expiring.since("a", Map.of(position.epoch(), 0L), 10)
                        .toCompletableFuture()
                        .join()
                        .events())
                .isNull();
    }

    @Test
    void theNumberOfClosedRoomsIsLimited() {
        for (int i = 0; i < 12_000; i++) {
            Recorder follower = new Recorder();
            broker.open("room-" + i, follower);
            broker.close("room-" + i, follower);
            publish(broker, "nobody-" + i, "x");
        }
        assertThat(broker.size()).isEqualTo(10_000);
    }

    @Test
    void excludedClientsCountAsMemory() {
        MemoryBroker small = broker(1_000, Duration.ofMinutes(1));
        Set<String> except = new HashSet<>();
        for (int i = 0; i < Broker.MAX_EXCLUDED; i++) {
            except.add("client-" + i);
        }
        long before = available.get();
        small.publish("a", Frame.text("x"), except, Source.SERVER);
        assertThat(before - available.get()).isGreaterThan(16L * Broker.MAX_EXCLUDED);
        for (int i = 0; i < 1_000; i++) {
            small.publish("a", Frame.text("x"), except, Source.SERVER);
        }
        assertThat(before - available.get()).isLessThanOrEqualTo(1_000 * 1_024L);
    }

    @Test
    void eventsAreDroppedWhenTheSharedMemoryIsUsedUp() {
        for (int room = 0; room < 200; room++) {
            for (int i = 0; i < 10; i++) {
                publish(broker, "room-" + room, "x".repeat(900));
            }
        }
        assertThat(available.get()).isNotNegative();
    }

    @Test
    void keysExpireWithTheMemoryOfTheRoomAndAreCounted() {
        MemoryBroker expiring = broker(100, Duration.ofMillis(20));
        expiring.open("a", new Recorder());
        Source source = Source.user("kim").withKey("k");
        expiring.publish("a", Frame.text("x"), Set.of(), source);
        await().until(() -> {
            expiring.forgetOld();
            return available.get() == MEMORY;
        });
        assertThat(expiring.publish("a", Frame.text("x"), Set.of(), source)
                        .toCompletableFuture()
                        .join()
                        .number())
                .isEqualTo(2);
    }

    @Test
    void keysAreForgottenWhenTheSharedMemoryIsUsedUp() {
        for (int i = 0; i < 20_000; i++) {
            broker.publish("a", Frame.text("x"), Set.of(), Source.SERVER.withKey("k" + i));
        }
        assertThat(available.get()).isGreaterThan(-1_000);
        assertThat(broker.publish("a", Frame.text("x"), Set.of(), Source.SERVER.withKey("k19999"))
                        .toCompletableFuture()
                        .join()
                        .number())
                .isEqualTo(20_000);
    }
}
