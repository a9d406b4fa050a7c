package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.access.Limits;
import dev.hubbub.access.Networks;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RoomHook;
import dev.hubbub.hub.TestClient;
import dev.hubbub.hub.TestHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** The most members of a room, on all nodes together. */
class RoomLimitsTest {
    private static final int MAX = 5;

    private static RedisServer redis;

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
        cluster = new TestCluster(redis, Duration.ofMillis(500));
        a = cluster.start(limited()).hub();
        b = cluster.start(limited()).hub();
    }

    private static TestHub limited() {
        int no = Integer.MAX_VALUE;
        return new TestHub()
                .limits(new Limits(no, no, no, no, no, 0, 0, no, MAX, 1_000, Networks.parse("")))
                .grace(Duration.ZERO);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static CompletableFuture<Void> admit(LocalHub hub, TestClient client) {
        return hub.room("lobby")
                .admit(client.client, Join.PLAIN)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS);
    }

    /** @return "" for success */
    private static String code(CompletableFuture<Void> joining) {
        try {
            joining.join();
            return "";
        } catch (CompletionException e) {
            return ((EventException) e.getCause()).code();
        }
    }

    private static String admitted(LocalHub hub, TestClient client) {
        try {
            return code(admit(hub, client));
        } catch (EventException e) {
            return e.code();
        }
    }

    @Test
    void clientsThatJoinOnTwoNodesAtOnceAreNoMoreThanTheRoomTakes() {
        for (int round = 0; round < 10; round++) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 4 * MAX; i++) {
                clients.add(new TestClient(i % 2 == 0 ? a : b));
            }
            List<CompletableFuture<Void>> joining = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                LocalHub hub = i % 2 == 0 ? a : b;
                TestClient client = clients.get(i);
                joining.add(CompletableFuture.supplyAsync(() -> admitted(hub, client))
                        .thenAccept(code -> {
                            if (!code.isEmpty()) {
                                throw new EventException(code, code);
                            }
                        }));
            }
            List<String> codes = joining.stream().map(RoomLimitsTest::code).toList();
            assertThat(codes).filteredOn(String::isEmpty).hasSize(MAX);
            assertThat(codes).filteredOn(EventException.TOO_LARGE::equals).hasSize(3 * MAX);
            // Not by the size on each node: one without a member does not have the room open.
            await().until(() -> redis.command(Command.HLEN, "test:w:/\nlobby"), count -> count.equals((long) MAX));
            for (int i = 0; i < clients.size(); i++) {
                (i % 2 == 0 ? a : b).left(clients.get(i).client, new Close(1000, ""));
            }
            await().until(() -> redis.command(Command.HLEN, "test:w:/\nlobby"), count -> count.equals(0L));
            assertThat(redis.command(Command.ZCARD, "test:q:/\nlobby")).isEqualTo(0L);
        }
    }

    @Test
    void aClientThatLeavesMakesRoomAtOnceForOneOnItsNodeAndForOneOnAnother() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < MAX; i++) {
            clients.add(new TestClient(a));
            assertThat(admitted(a, clients.get(i))).isEmpty();
        }
        TestClient onB = new TestClient(b);
        assertThat(admitted(b, onB)).isEqualTo(EventException.TOO_LARGE);
        assertThat(admitted(a, clients.get(0))).as("a member joins again").isEmpty();
        a.room("lobby").leave(clients.get(0).client);
        assertThat(admitted(a, new TestClient(a))).isEmpty();
        a.room("lobby").leave(clients.get(1).client);
        await().until(() -> admitted(b, onB).isEmpty());
    }

    private record Refusing() implements RoomHook {
        @Override
        public void joining(Client client, Join join) {
            throw new EventException("not-you", "no");
        }

        @Override
        public void left(Client client, LeaveReason reason) {}

        @Override
        public void empty() {}
    }

    @Test
    void aClientThatTheApplicationRefusesTakesNoPlace() {
        b.onRooms(room -> new Refusing());
        for (int i = 0; i < 2 * MAX; i++) {
            assertThat(admitted(b, new TestClient(b))).isEqualTo("not-you");
        }
        await().until(() -> redis.command(Command.ZCARD, "test:q:/\nlobby"), count -> count.equals(0L));
        assertThat(admitted(a, new TestClient(a))).isEmpty();
    }

    @Test
    void withoutRedisNobodyJoinsALimitedRoom() throws Exception {
        assertThat(admitted(a, new TestClient(a))).isEmpty();
        TestClient second = new TestClient(a);
        redis.signal("STOP");
        try {
            assertThat(admitted(a, second)).isEqualTo(EventException.UNAVAILABLE);
        } finally {
            redis.signal("CONT");
        }
        await().until(() -> admitted(a, second).isEmpty());
    }
}
