package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.ClientRef;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.Position;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.RoomHook;
import dev.hubbub.hub.TestClient;
import dev.hubbub.hub.TestHub;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** A node that reaches the clients of another one by their ids. */
class RemoteClientsTest {
    private static RedisServer redis;

    private TestCluster cluster;
    private TestCluster.Node nodeA;
    private LocalHub a;
    private LocalHub b;
    private TestClient onB;
    private ClientRef ref;

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
        nodeA = cluster.start();
        a = nodeA.hub();
        b = cluster.start().hub();
        onB = connected(b);
        ref = a.remote(onB.client.id());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static TestClient connected(LocalHub hub) {
        TestClient client = new TestClient(hub);
        await().until(() -> !client.socket.data("connected").isEmpty());
        String key = "test:at:" + client.client.id();
        await().until(() -> redis.command(Command.GET, key) != null);
        return client;
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void fails(CompletionStage<?> stage, String code) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void eventsOfANodeArriveOnceAndInOrder() {
        List<CompletionStage<Void>> emitted =
                IntStream.range(0, 500).mapToObj(i -> ref.emit("n", i)).toList();
        emitted.forEach(RemoteClientsTest::get);
        assertThat(onB.socket.data("n"))
                .isEqualTo(IntStream.range(0, 500).mapToObj(String::valueOf).toList());
        assertThat(ref.id()).isEqualTo(onB.client.id());
    }

    @Test
    void anEventArrivesAsItWouldFromItsOwnNode() {
        for (LocalHub hub : List.of(a, b)) {
            ClientRef same = hub.remote(onB.client.id());
            get(same.emit("nothing", null));
            get(same.emit("null", Data.of(null)));
            get(same.emit("two", Data.arguments(1, "x")));
            get(same.emit("last", 7, List.of(), Delivery.latest("k")));
            get(same.emit("bytes", 8, List.of(ByteBuffer.wrap(new byte[] {1, 2})), Delivery.ALL));
            int expected = hub == a ? 6 : 11; // before the other "last" may replace this one
            await().until(() -> onB.socket.frames.size() == expected);
        }
        List<String> frames = List.copyOf(onB.socket.frames);
        assertThat(frames.subList(1, 6)).isEqualTo(frames.subList(6, 11)).contains("{\"name\":\"nothing\"}", "BINARY");
    }

    @Test
    void askCompletesWithTheAcknowledgementAndItsAttachments() {
        byte[] question = {1, 2, 3};
        CompletionStage<Event> answer =
                ref.ask("sure?", Map.of("a", 1), List.of(ByteBuffer.wrap(question)), Duration.ofSeconds(10));
        await().until(() -> onB.socket.frames.contains("BINARY"));
        byte[] reply = "reply".getBytes(StandardCharsets.UTF_8);
        onB.client.answered(new Event("ack", Data.parse("\"yes\""), "1", List.of(ByteBuffer.wrap(reply))));
        Event ack = get(answer);
        assertThat(ack.data().json()).isEqualTo("\"yes\"");
        assertThat(ack.attachment()).isEqualTo(ByteBuffer.wrap(reply));
        CompletionStage<Data> rejected = ref.ask("sure?", null, Duration.ofSeconds(10));
        await().until(() -> onB.socket.frames.contains("{\"name\":\"sure?\",\"id\":2}"));
        onB.client.answered(new Event("error", Data.parse("{\"code\":\"no-way\",\"message\":\"No\"}"), "2", List.of()));
        fails(rejected, "no-way");
    }

    @Test
    void askTimesOutAndFailsIfTheClientDisconnects() {
        assertThat(ref.ask("sure?", null, Duration.ofMillis(50)).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(TimeoutException.class);
        CompletionStage<Data> never = ref.ask("sure?", null, Duration.ofSeconds(60));
        await().until(() -> onB.socket.frames.contains("{\"name\":\"sure?\",\"id\":2}"));
        b.left(onB.client, new Close(1000, ""));
        fails(never, "disconnected");
    }

    @Test
    void aClientJoinsAndLeavesRoomsAndIsClosed() {
        TestClient member = connected(a);
        get(a.room("lobby").join(member.client));
        get(ref.join("lobby", Join.as("Kim").with(Map.of("colour", "red")).since("")));
        assertThat(onB.socket.data("hello").get(0)).contains(member.client.id(), "\"nick\":\"Kim\"");
        assertThat(onB.client.rooms()).containsExactly("lobby");
        assertThat(get(ref.leave("lobby"))).isTrue();
        assertThat(get(ref.leave("lobby"))).isFalse();
        fails(ref.join("lobby", "\u0001"), "invalid-data");
        get(ref.close(3000, "bye"));
        await().until(() -> onB.socket.closeCode == 3000);
        fails(ref.emit("late", 1), "disconnected");
    }

    @Test
    void aHandlerThatBlocksTheJoinHoldsUpNothingElse() throws Exception {
        var entered = new java.util.concurrent.CountDownLatch(1);
        var release = new java.util.concurrent.CountDownLatch(1);
        b.onRooms(room -> new RoomHook() {
            @Override
            public void joining(Client client, Join join) {
                entered.countDown();
                try {
                    release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void left(Client client, LeaveReason reason) {}

            @Override
            public void empty() {}
        });
        CompletionStage<Void> joined = ref.join("slow", "Kim");
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        get(ref.emit("meanwhile", 1));
        assertThat(joined.toCompletableFuture()).isNotDone();
        release.countDown();
        get(joined);
    }

    @Test
    void everythingFailsForAClientThatIsOnNoNode() {
        ClientRef nobody = a.remote("nobody");
        for (CompletionStage<?> stage : List.of(
                nobody.emit("hi", 1),
                nobody.ask("sure?", null, Duration.ofSeconds(5)),
                nobody.join("a", "Kim"),
                nobody.leave("a"),
                nobody.close(1000, ""))) {
            fails(stage, "disconnected");
        }
        b.left(onB.client, new Close(1000, ""));
        await().until(() -> redis.command(Command.GET, "test:at:" + onB.client.id()) == null);
        fails(ref.emit("hi", 1), "disconnected");
    }

    @Test
    void aNodeThatDoesNotListenFailsItsRequestsAtOnce() {
        redis.command(Command.SET, "test:at:ghost", "1 deadNode");
        fails(a.remote("ghost").ask("sure?", null, Duration.ofSeconds(60)), "disconnected");
    }

    @Test
    void aNodeThatIsNoLongerAmongTheLiveOnesFailsItsRequests() throws Exception {
        try (var deaf = new redis.clients.jedis.Connection("127.0.0.1", redis.port())) {
            deaf.sendCommand(Command.SUBSCRIBE, "test:n:deafNode"); // the connection of a machine without power
            deaf.getOne();
            redis.command(Command.SET, "test:at:ghost", "1 deafNode");
            fails(a.remote("ghost").ask("sure?", null, Duration.ofSeconds(60)), "disconnected");
        }
    }

    @Test
    void aClientThatHasReturnedToAnotherNodeIsFoundThere() {
        RecordingConnection first = new RecordingConnection();
        first.secret = "to be replaced";
        LocalClient client = connect(b, first, "");
        String session = client.id() + "." + first.secret;
        get(b.room("lobby").join(client, Join.PLAIN.since("")));
        b.disconnected(client, new Close(1006, ""));
        TestClient third = connected(cluster.start().hub());
        RecordingConnection second = new RecordingConnection();
        second.secret = "to be replaced";
        assertThat(connect(a, second, session).id()).isEqualTo(client.id());
        get(b.remote(client.id()).emit("hi", 1));
        await().until(() -> second.data("hi").equals(List.of("1")));
        assertThat(third.client.isConnected()).isTrue();
    }

    private static LocalClient connect(LocalHub hub, RecordingConnection socket, String was) {
        Handshake handshake = new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of(was)), Identity.ANONYMOUS);
        LocalClient client =
                TestHub.connect(hub, socket, handshake, hub.recovery().idFor(handshake), Map.of());
        await().until(() -> !socket.data("connected").isEmpty());
        return client;
    }

    @Test
    void requestsAreBoundedAndFailWithoutRedisAndWorkAgainAfterwards() throws Exception {
        redis.signal("STOP");
        try {
            List<CompletionStage<Void>> emitted = new ArrayList<>();
            for (int i = 0; i < 10_001; i++) {
                emitted.add(ref.emit("n", i));
            }
            fails(emitted.get(10_000), "overloaded");
            fails(emitted.get(0), "unavailable");
            fails(emitted.get(9_999), "unavailable");
            fails(ref.emit("n", "x".repeat(17 << 20)), "overloaded");
        } finally {
            redis.signal("CONT");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> nodeA.cluster().link().isAvailable());
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            get(ref.emit("again", 1));
            return true;
        });
        assertThat(nodeA.cluster().status().available()).isTrue();
    }

    @Test
    void clientsAreFoundAgainAfterRedisHasLostEverything() throws Exception {
        redis.kill();
        redis.restart();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            get(ref.emit("again", 1));
            return true;
        });
    }

    @Test
    void messagesThatAreNoRequestsAreDroppedAndCounted() {
        String channel = "test:n:" + nodeA.cluster().node();
        for (String message :
                List.of("1q", "1qx", "1a12345678", "1z12345678", "2q12345678", "", "1q12345678\u0000\u0000")) {
            redis.command(Command.PUBLISH, channel, message);
        }
        await().until(() -> nodeA.cluster().status().malformed() == 7);
        get(ref.emit("n", 1));
    }

    @Test
    void anEventToAClientOfItsOwnNodeNeedsNoRedis() throws Exception {
        redis.signal("STOP");
        try {
            assertThat(b.remote(onB.client.id()).emit("n", 1).toCompletableFuture())
                    .isCompleted();
        } finally {
            redis.signal("CONT");
        }
        Position position = get(b.room("x").publish("n", 1));
        assertThat(position.number()).isPositive();
    }
}
