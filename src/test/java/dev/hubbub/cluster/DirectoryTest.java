package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Member;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.RoomDirectory;
import dev.hubbub.hub.TestClient;
import dev.hubbub.hub.TestHub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** What back ends ask one node about the rooms and users of all. */
class DirectoryTest {
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
        cluster = new TestCluster(redis, Duration.ofSeconds(1));
        a = cluster.start().hub();
        b = cluster.start().hub();
        await().until(() -> redis.command(Command.ZCARD, "test:nodes"), nodes -> nodes.equals(2L));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static TestClient joined(LocalHub hub, String nick, String... rooms) {
        TestClient client = new TestClient(hub);
        for (String room : rooms) {
            get(hub.room(room).join(client.client, nick));
        }
        return client;
    }

    /** All pages. */
    private static Map<String, Integer> rooms(LocalHub hub, int limit) {
        Map<String, Integer> all = new TreeMap<>();
        String after = null;
        do {
            RoomDirectory.Page page = get(hub.directory().page(after, limit));
            assertThat(page.sizes())
                    .hasSizeLessThanOrEqualTo(limit)
                    .doesNotContainKeys(all.keySet().toArray(new String[0]));
            all.putAll(page.sizes());
            after = page.next();
        } while (after != null);
        return all;
    }

    @Test
    void roomsOfAllNodesAreListedWithTheNumberOfTheirMembersInPages() {
        TestClient onA = joined(a, null, "lobby", "red", "blue");
        joined(b, null, "lobby", "green");
        Map<String, Integer> expected = Map.of("lobby", 2, "red", 1, "blue", 1, "green", 1);
        for (LocalHub hub : new LocalHub[] {a, b}) {
            await().untilAsserted(() -> assertThat(rooms(hub, 100)).isEqualTo(expected));
            assertThat(rooms(hub, 1)).isEqualTo(expected);
        }
        a.left(onA.client, new Close(1000, ""));
        await().untilAsserted(() -> assertThat(rooms(b, 100)).isEqualTo(Map.of("lobby", 1, "green", 1)));
    }

    @Test
    void theMembersOfARoomAreFetchedFromAllNodesAlsoByANodeThatHasNone() {
        joined(a, "Ann", "lobby");
        LocalHub third = cluster.start().hub();
        await().untilAsserted(() -> assertThat(get(third.room("lobby").fetchMembers()))
                .extracting(Member::nick)
                .containsExactly("Ann"));
        joined(b, "Bob", "lobby");
        await().untilAsserted(() -> assertThat(
                        get(third.directory().occupants("lobby")).members())
                .extracting(Member::nick)
                .containsExactlyInAnyOrder("Ann", "Bob"));
        assertThat(get(third.directory().occupants("lobby")).size()).isEqualTo(2);
        assertThat(get(third.directory().occupants("nobody here")).size()).isZero();
    }

    private static RecordingConnection connected(LocalHub hub, String user) {
        RecordingConnection connection = new RecordingConnection();
        Identity identity = user == null ? Identity.ANONYMOUS : new Identity(user, Set.of(), null);
        TestHub.connect(hub, connection, new Handshake("127.0.0.1", Map.of(), Map.of(), identity));
        await().until(() -> !connection.data("connected").isEmpty());
        return connection;
    }

    @Test
    void theClientsOfAUserAreClosedOnAllNodesAndNobodyElse() {
        RecordingConnection kimOnA = connected(a, "Kim");
        RecordingConnection kimOnB = connected(b, "Kim");
        RecordingConnection leeOnB = connected(b, "Lee");
        RecordingConnection anonymous = connected(b, null);
        get(a.closeUser("Kim", 1008, "enough"));
        await().until(() -> kimOnA.closeCode == 1008 && kimOnB.closeCode == 1008);
        assertThat(leeOnB.closeCode).isZero();
        assertThat(anonymous.closeCode).isZero();
    }

    @Test
    void withoutRedisTheDirectoryIsUnavailable() throws Exception {
        redis.signal("STOP");
        try {
            for (CompletionStage<?> stage :
                    List.of(a.directory().page(null, 10), a.directory().occupants("lobby"))) {
                assertThat(stage.toCompletableFuture())
                        .failsWithin(Duration.ofSeconds(20))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(
                                EventException.class, e -> assertThat(e.code()).isEqualTo("unavailable"));
            }
        } finally {
            redis.signal("CONT");
        }
    }
}
