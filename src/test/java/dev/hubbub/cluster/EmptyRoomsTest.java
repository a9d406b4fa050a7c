package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RoomHook;
import dev.hubbub.hub.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** {@code @OnEmpty} on two nodes. */
class EmptyRoomsTest {
    private static RedisServer redis;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private TestCluster cluster;
    private LocalHub a;
    private LocalHub b;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void start() {
        redis.command(Command.FLUSHALL);
        cluster = new TestCluster(redis, Duration.ofSeconds(5));
        a = cluster.start().hub();
        b = cluster.start().hub();
        a.onRooms(room -> new Recorded("a"));
        b.onRooms(room -> new Recorded("b"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private final class Recorded implements RoomHook {
        private final String node;

        Recorded(String node) {
            this.node = node;
        }

        @Override
        public void joining(Client client, Join join) {}

        @Override
        public void left(Client client, LeaveReason reason) {
            calls.add(node + " left");
        }

        @Override
        public void empty() {
            calls.add(node + " empty");
        }
    }

    private static void get(CompletionStage<?> stage) {
        stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static TestClient joined(LocalHub hub, String room) {
        TestClient client = new TestClient(hub);
        get(hub.room(room).join(client.client));
        return client;
    }

    /** Everything that happened before has been carried out on both nodes. */
    private void settle() {
        TestClient onA = joined(a, "settled");
        TestClient onB = joined(b, "settled");
        get(a.room("game").publish("n", 1));
        get(b.room("game").publish("n", 2));
        get(a.room("settled").publish("n", 1));
        onA.receives("n", "1");
        onB.receives("n", "1");
    }

    @Test
    void theHookRunsOnceAfterTheLastMemberOfAllNodesHasLeft() {
        TestClient onA = joined(a, "game");
        TestClient onB = joined(b, "game");
        a.room("game").leave(onA.client);
        await().until(() -> calls.contains("a left"));
        settle();
        assertThat(calls).containsExactly("a left");
        b.room("game").leave(onB.client);
        await().until(() -> calls.contains("b empty"));
        settle();
        assertThat(calls).containsExactly("a left", "b left", "b empty");
    }

    @Test
    void membersThatLeaveAllNodesAtTheSameTimeMakeOneCall() {
        for (int round = 1; round <= 20; round++) {
            TestClient onA = joined(a, "game");
            TestClient onB = joined(b, "game");
            await().until(() -> redis.command(Command.HLEN, "test:w:/\ngame").equals(2L));
            a.left(onA.client, new Close(1000, ""));
            b.left(onB.client, new Close(1000, ""));
            int calledNow = round;
            await().untilAsserted(() -> assertThat(calls.stream().filter(call -> call.endsWith("empty")))
                    .hasSize(calledNow));
            await().until(() ->
                    calls.stream().filter(call -> call.endsWith("left")).count() == 2 * calledNow);
        }
        settle();
        assertThat(calls.stream().filter(call -> call.endsWith("empty"))).hasSize(20);
    }

    @Test
    void aMemberThatStaysTooShortToBeAnnouncedCountsToo() {
        for (int round = 1; round <= 5; round++) {
            TestClient onA = joined(a, "game");
            a.room("game").leave(onA.client);
            int calledNow = round;
            await().until(() -> calls.stream().filter("a empty"::equals).count() == calledNow);
        }
        settle();
        assertThat(calls).containsOnly("a left", "a empty").hasSize(10);
    }

    @Test
    void aLostMemberKeepsItsRoomUntilTheGraceIsOverAndMayMoveToAnotherNode() {
        TestClient onA = joined(a, "game");
        TestClient late = joined(b, "game");
        a.disconnected(onA.client, new Close(1006, ""));
        b.disconnected(late.client, new Close(1006, ""));
        await().atMost(Duration.ofSeconds(20)).until(() -> calls.stream().anyMatch(call -> call.endsWith("empty")));
        settle();
        assertThat(calls.stream().filter(call -> call.endsWith("empty"))).hasSize(1);
    }

    @Test
    void anAnnouncementThatWasRepeatedIsNotCalledTwice() {
        TestClient onA = joined(a, "game");
        for (int round = 0; round < 10; round++) {
            redis.cut("normal");
        }
        a.room("game").leave(onA.client);
        redis.cut("normal");
        await().atMost(Duration.ofSeconds(20)).until(() -> calls.contains("a empty"));
        settle();
        assertThat(calls).containsExactly("a left", "a empty");
    }
}
