package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.Room;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Present values for clients that join later, and events that are sent at most once in an interval. */
class KeptValuesTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());
    private final Room room = hub.room("prices");

    @Test
    void whoJoinsIsSentThePresentValuesAfterHelloInTheOrderOfTheirKeys() {
        room.keep("price", "a", 1);
        room.keep("price", "b", 2);
        room.keep("price", "a", 3);
        room.keep("other", "a", 4);
        TestClient kim = new TestClient(hub);
        room.join(kim.client, Join.PLAIN.last(10));
        kim.receives("price", "3", "2");
        kim.receives("other", "4");
        List<String> frames = kim.socket.frames;
        assertThat(frames.get(1)).contains("\"hello\"");
        assertThat(frames).hasSize(5);
    }

    @Test
    void membersAreSentEachValueAndAForgottenOneIsSentToNobody() {
        TestClient kim = new TestClient(hub);
        room.join(kim.client);
        room.keep("price", "a", 1);
        room.keep("price", "a", 2);
        kim.receives("price", "1", "2");
        assertThat(room.forget("price", "a")).isTrue();
        assertThat(room.forget("price", "a")).isFalse();
        TestClient lee = new TestClient(hub);
        room.join(lee.client);
        lee.receives("price");
    }

    @Test
    void aValueIsForgottenAfterItsTimeToLive() {
        room.keep("price", "a", 1, Duration.ofMillis(1));
        await().untilAsserted(() -> {
            TestClient kim = new TestClient(hub);
            room.join(kim.client);
            assertThat(kim.socket.data("price")).isEmpty();
        });
        assertThatThrownBy(() -> room.keep("price", "a", 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRoomKeepsNoMoreThanHalfAnOutbox() {
        LocalHub small = hubs.start(new TestHub().outbox(10, Duration.ofSeconds(15)));
        for (int i = 0; i < 5; i++) {
            small.room("a").keep("price", "key" + i, i);
        }
        assertThatThrownBy(() -> small.room("a").keep("price", "one more", 1))
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("too-large"));
        small.room("a").keep("price", "key0", "replaced");
        small.room("b").keep("price", "another room", 1);
    }

    @Test
    void theLastValueThatAMemberIsSentIsTheOneThatIsKeptHoweverManyKeepOneAtTheSameTime() throws Exception {
        TestClient kim = new TestClient(hub);
        room.join(kim.client);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            int first = thread * 1_000;
            threads.execute(() -> {
                for (int i = 0; i < 1_000; i++) {
                    room.keep("price", "a", first + i);
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        TestClient late = new TestClient(hub);
        room.join(late.client);
        await().untilAsserted(() -> {
            List<String> kept = late.socket.data("price");
            assertThat(kept).hasSize(1);
            assertThat(kim.socket.data("price")).endsWith(kept.get(0));
        });
    }

    @Test
    void atMostOneEventOfAKeyIsSentInAnIntervalAndTheLastOneAlwaysIs() {
        TestClient kim = new TestClient(hub);
        TestClient lee = new TestClient(hub);
        room.join(kim.client);
        room.join(lee.client);
        Delivery slow = Delivery.latest("a").atMostEvery(Duration.ofMillis(100));
        for (int i = 0; i <= 1_000; i++) {
            room.emit("price", i, slow);
        }
        lee.client.emit("own", 1, slow);
        await().untilAsserted(() -> assertThat(kim.socket.data("price")).endsWith("1000"));
        assertThat(kim.socket.data("price")).startsWith("0").hasSizeLessThan(100);
        assertThat(lee.socket.data("own")).containsExactly("1");
        assertThat(hub.counters().replaced().sum()).isGreaterThan(900);
        assertThatThrownBy(() -> Delivery.ALL.atMostEvery(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class);
    }
}
