package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.client.EventClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RoomHook;
import dev.hubbub.standalone.WarProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Two servers, each a process of its own, that share a Redis. */
class ClusterIT {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private RedisServer redis;
    private WarProcess a;
    private WarProcess b;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        a = node();
        b = node();
        a.url();
        b.url();
    }

    private WarProcess node() throws Exception {
        return WarProcess.start(
                "-Dhubbub.cluster=" + redis.url(),
                "-Dhubbub.cluster-patience=1000",
                "-Dhubbub.cluster-prefix=test",
                "-Dhubbub.api-keys=" + KEY);
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        redis.close();
    }

    private static EventClient connect(WarProcess war, String query) {
        return EventClient.connect(URI.create(war.events() + query));
    }

    @Test
    void membersOnBothServersGetTheSameEvents() {
        try (EventClient onA = EventClient.connect(a.events()).join("lobby");
                EventClient onB = EventClient.connect(b.events()).join("lobby")) {
            onA.next("joined");
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? onA : onB)
                        .send("{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":" + i + "},\"id\":" + i
                                + "}");
            }
            await().until(() -> texts(onA).size() == 20 && texts(onB).size() == 20);
            assertThat(texts(onA)).isEqualTo(texts(onB));
            assertThat(onA.next("ack").data().string("position")).contains(".");
        }
    }

    private static List<String> texts(EventClient client) {
        return client.events.stream()
                .filter(event -> event.name().equals("message"))
                .map(event -> event.data().toString())
                .toList();
    }

    private static HttpResponse<String> api(WarProcess war, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(war.url().resolve("/api/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + KEY)
                .timeout(Duration.ofSeconds(40))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theHttpApiOfOneServerReachesTheRoomsAndClientsOfAll() throws Exception {
        try (EventClient onA = EventClient.connect(a.events()).join("lobby");
                EventClient onB = EventClient.connect(b.events()).join("lobby")) {
            onA.next("joined");
            assertThat(api(b, "GET", "rooms").body()).isEqualTo("{\"rooms\":[{\"name\":\"lobby\",\"size\":2}]}");
            assertThat(api(b, "GET", "rooms/lobby").body()).contains("\"size\":2", onA.id(), onB.id());
            assertThat(api(b, "GET", "rooms/nobody").statusCode()).isEqualTo(404);
            assertThat(api(b, "DELETE", "users/nobody").statusCode()).isEqualTo(204);
            assertThat(api(b, "DELETE", "clients/" + onA.id() + "?reason=enough")
                            .statusCode())
                    .isEqualTo(204);
            onA.awaitClose(1008);
            assertThat(api(b, "DELETE", "clients/" + onA.id()).statusCode()).isEqualTo(404);
            redis.signal("STOP");
            try {
                assertThat(api(b, "GET", "rooms").statusCode()).isEqualTo(503);
                assertThat(api(b, "DELETE", "users/kim").statusCode()).isEqualTo(503);
            } finally {
                redis.signal("CONT");
            }
        }
    }

    @Test
    void clientsOfAServerThatDiesReturnToTheOtherOneAndTheRestLeave() throws Exception {
        try (EventClient onB = EventClient.connect(b.events()).join("lobby");
                EventClient returning = connect(a, "?was=");
                EventClient gone = EventClient.connect(a.events()).join("lobby")) {
            String session = returning.events.get(0).data().string("session");
            returning.join("lobby");
            await().until(() -> count(onB, "joined") == 2);
            a.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            try (EventClient back = connect(b, "?was=" + session)) {
                assertThat(back.id()).isEqualTo(session.split("\\.")[0]);
                back.join("lobby");
                await().atMost(Duration.ofSeconds(20)).until(() -> count(onB, "left") == 1);
                Event left = onB.next("left");
                assertThat(left.data().string("id")).isEqualTo(gone.id());
                assertThat(count(onB, "joined")).as("nobody notices the return").isEqualTo(2);
            }
        }
    }

    private static boolean hasLogged(WarProcess war, String text) {
        return List.copyOf(war.output).stream().anyMatch(line -> line.contains(text));
    }

    @Test
    void aServerThatStopsIsNoLongerPartOfTheClusterAndItsClientsReturn() throws Exception {
        try (EventClient onB = EventClient.connect(b.events()).join("lobby");
                EventClient returning = connect(a, "?was=");
                EventClient gone = EventClient.connect(a.events()).join("lobby")) {
            String session = returning.events.get(0).data().string("session");
            returning.join("lobby");
            await().until(() -> count(onB, "joined") == 2);
            assertThat(a.terminate()).isNotNegative();
            await().atMost(Duration.ofSeconds(6)).until(() -> hasLogged(b, "The cluster has 1 nodes"));
            try (EventClient back = connect(b, "?was=" + session)) {
                back.join("lobby");
                await().atMost(Duration.ofSeconds(30)).until(() -> count(onB, "left") == 1);
                assertThat(onB.next("left").data().string("id")).isEqualTo(gone.id());
                assertThat(count(onB, "joined")).as("nobody notices the return").isEqualTo(2);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> hasLogged(b, "has stopped: its members are removed"));
            assertThat(hasLogged(b, "has been silent")).isFalse();
        }
    }

    @Test
    void clientsOfOtherServersAnswerUntilTheirServerDies() throws Exception {
        try (TestCluster cluster = new TestCluster(redis, Duration.ofSeconds(5));
                EventClient onA = EventClient.connect(a.events());
                EventClient onB = EventClient.connect(b.events())) {
            LocalHub here = cluster.start().hub();
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
            CompletionStage<Event> answer =
                    here.remote(onA.id()).ask("sure?", "really", List.of(bytes), Duration.ofSeconds(20));
            Event asked = onA.next("sure?");
            assertThat(asked.attachment()).isEqualTo(bytes);
            onA.send(EventClient.binary(
                    "{\"name\":\"ack\",\"data\":\"yes\",\"id\":" + asked.id() + "}", new byte[] {4}));
            assertThat(answer.toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(20))
                    .satisfies(ack -> assertThat(ack.data().json()).isEqualTo("\"yes\""))
                    .satisfies(ack -> assertThat(ack.attachment()).isEqualTo(ByteBuffer.wrap(new byte[] {4})));
            assertThat(here.remote(onA.id()).join("lobby", "Kim").toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(20));
            onA.next("hello");
            a.close(); // so that it is this node that removes the members of the other one
            AtomicInteger emptied = new AtomicInteger();
            here.onRooms(room -> new Emptied("game", room, emptied));
            onB.join("game");
            CompletionStage<Data> never = here.remote(onB.id()).ask("sure?", null, Duration.ofSeconds(60));
            onB.next("sure?");
            b.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            assertThat(never.toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            EventException.class, e -> assertThat(e.code()).isEqualTo("disconnected"));
            await().atMost(Duration.ofSeconds(30)).until(() -> emptied.get() > 0);
            await().during(Duration.ofSeconds(3)).until(() -> emptied.get() == 1);
        }
    }

    private record Emptied(String wanted, String room, AtomicInteger count) implements RoomHook {
        @Override
        public void joining(Client client, Join join) {}

        @Override
        public void left(Client client, LeaveReason reason) {}

        @Override
        public void empty() {
            if (room.equals(wanted)) {
                count.incrementAndGet();
            }
        }
    }

    private static long count(EventClient client, String name) {
        return client.events.stream().filter(event -> event.name().equals(name)).count();
    }

    @Test
    void withoutRedisEventsAreAnsweredUnavailableAndThenTakenAgain() throws Exception {
        try (EventClient client = EventClient.connect(a.events()).join("lobby")) {
            redis.kill();
            assertThat(client.next("cluster").data().toString()).contains("false");
            client.send("{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":1},\"id\":1}");
            assertThat(client.next("error").data().string("code")).isEqualTo("unavailable");
            client.send("{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":2}}");
            assertThat(client.next("error").data().string("code")).isEqualTo("unavailable");
            redis.restart();
            assertThat(client.next("cluster").data().toString()).contains("true");
            client.send("{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":3},\"id\":3}");
            assertThat(client.next("message").data().toString()).contains("3");
        }
    }

    @Test
    void aWrongPasswordOrAddressPreventsTheStartAndIsNotShown() throws Exception {
        redis.command(Command.CONFIG, "SET", "requirepass", "right");
        for (String url :
                List.of(redis.url().replace("//", "//:s3cret@"), "redis://user:s3cret@host:port", "http://s3cret")) {
            try (WarProcess refused = WarProcess.start("-Dhubbub.cluster=" + url)) {
                assertThat(refused.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(refused.process.exitValue()).isNotZero();
                await().untilAsserted(() -> assertThat(String.join("\n", refused.output))
                        .contains("hubbub.cluster")
                        .doesNotContain("s3cret"));
            }
        }
    }
}
