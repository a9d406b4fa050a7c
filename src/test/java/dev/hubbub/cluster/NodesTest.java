package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Delivery;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.TestClient;
import dev.hubbub.hub.TestHub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Two nodes that share a Redis. */
class NodesTest {
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
        cluster = new TestCluster(redis, Duration.ofSeconds(5));
        a = cluster.start().hub();
        b = cluster.start().hub();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    private static TestClient joined(LocalHub hub, String room, String nick) {
        TestClient client = new TestClient(hub);
        get(hub.room(room).join(client.client, nick));
        return client;
    }

    @Test
    void membersOnAllNodesGetTheEventsOfAllNodesInOneOrder() {
        TestClient onA = joined(a, "lobby", null);
        TestClient onB = joined(b, "lobby", null);
        List<CompletionStage<dev.hubbub.Position>> published = IntStream.range(0, 500)
                .mapToObj(i -> (i % 2 == 0 ? a : b).room("lobby").publish("n", i))
                .toList();
        published.forEach(NodesTest::get);
        await().until(() ->
                onA.socket.data("n").size() == 500 && onB.socket.data("n").size() == 500);
        assertThat(onB.socket.data("n")).isEqualTo(onA.socket.data("n"));
        assertThat(onA.socket.data("n")).doesNotHaveDuplicates();
    }

    @Test
    void aMemberHasItsOwnEventBeforeTheAcknowledgement() {
        TestClient onA = joined(a, "lobby", null);
        for (int i = 0; i < 50; i++) {
            int number = i;
            a.room("lobby").publish("n", number).thenRun(() -> onA.client.emit("acknowledged", number));
        }
        await().until(() -> onA.socket.data("acknowledged").size() == 50);
        String all = String.join("\n", onA.socket.frames);
        for (int i = 0; i < 50; i++) {
            assertThat(all.indexOf("\"n\",\"data\":" + i + "}"))
                    .isBetween(0, all.indexOf("\"acknowledged\",\"data\":" + i + "}"));
        }
    }

    @Test
    void eventsToEveryoneToSeveralRoomsAndToAllButSomeReachTheirClientsOnEveryNodeOnce() {
        TestClient onA = joined(a, "lobby", null);
        TestClient onB = joined(b, "lobby", null);
        get(b.room("other").join(onB.client));
        a.emit("all", 1);
        a.rooms("lobby", "other").emit("some", 2);
        a.room("lobby").except(onB.client).emit("others", 3);
        a.room("lobby").emit("cursor", 4, Delivery.DROPPABLE);
        a.room("lobby").emit("last", 5);
        onA.receives("last", "5");
        onB.receives("last", "5");
        for (TestClient client : List.of(onA, onB)) {
            client.receives("all", "1");
            client.receives("some", "2");
            client.receives("cursor", "4");
        }
        onA.receives("others", "3");
        onB.receives("others");
    }

    @Test
    void helloListsTheMembersOfAllNodesAndAllAreToldWhoJoinsAndLeaves() {
        TestClient onA = joined(a, "lobby", "Ann");
        await().until(() -> redis.command(Command.HLEN, "test:w:/\nlobby"), reply -> reply.equals(1L)); // Redis knows
        TestClient onB = joined(b, "lobby", "Bob");
        await().untilAsserted(() -> assertThat(onB.socket.data("hello").get(0)).contains("Ann", "Bob"));
        await().untilAsserted(() -> assertThat(onA.socket.data("joined"))
                .containsExactly("{\"room\":\"lobby\",\"id\":\"" + onB.client.id() + "\",\"nick\":\"Bob\"}"));
        assertThat(a.room("lobby").size()).isEqualTo(2);
        assertThat(a.room("lobby").members())
                .extracting(dev.hubbub.Member::nick)
                .containsExactlyInAnyOrder("Ann", "Bob");
        b.left(onB.client, new Close(1000, ""));
        onA.receives("left", "{\"room\":\"lobby\",\"id\":\"" + onB.client.id() + "\"}");
        assertThat(a.room("lobby").size()).isEqualTo(1);
        assertThat(onB.socket.data("joined")).isEmpty();
    }

    @Test
    void membersOfALargeRoomAreToldTheNumberOnAllNodes() {
        for (int i = 0; i < 201; i++) {
            joined(i % 2 == 0 ? a : b, "big", "n" + i);
        }
        await().untilAsserted(() -> assertThat(a.room("big").size()).isEqualTo(201));
        await().untilAsserted(() -> assertThat(b.room("big").size()).isEqualTo(201));
        TestClient late = joined(a, "big", null);
        assertThat(late.socket.data("hello").get(0)).contains("\"members\":[],\"count\":202");
    }

    @Test
    void aClientThatMissedEventsGetsThemOnAnotherNode() {
        TestClient onA = new TestClient(a);
        get(a.room("lobby").join(onA.client, Join.PLAIN.since("")));
        var position = get(a.room("lobby").publish("n", 1));
        a.left(onA.client, new Close(1000, ""));
        get(a.room("lobby").publish("n", 2));
        get(b.room("lobby").publish("n", 3));
        TestClient onB = new TestClient(b);
        get(b.room("lobby").join(onB.client, Join.PLAIN.since(position.toString())));
        assertThat(onB.socket.data("hello").get(0)).contains("\"recovered\":true");
        await().untilAsserted(() -> assertThat(onB.socket.frames.stream().filter(frame -> frame.contains("\"n\"")))
                .hasSize(2));
    }

    @Test
    void messagesThatAreNotOursAreDroppedAndCounted() {
        TestClient onA = joined(a, "lobby", null);
        for (String message : List.of(
                "", "x", "2pfuture\n", "1p", "1pAAAAAAAAAAA 5 1 0 -\n", "1w", "1wx y z", "{}", "1d99999999\n")) {
            redis.command(Command.PUBLISH, "test:r:/\nlobby", message);
        }
        get(b.room("lobby").publish("n", 1));
        onA.receives("n", "1");
    }

    @Test
    void aTimerForOneNodeRunsOnOneAndMovesToAnotherWhenThatStops() {
        cluster.close();
        cluster = new TestCluster(redis, Duration.ofSeconds(5));
        TestCluster.Node first = cluster.start();
        TestCluster.Node second = cluster.start();
        AtomicInteger onFirst = new AtomicInteger();
        AtomicInteger onSecond = new AtomicInteger();
        first.hub().everyOnOneNode("tick", Duration.ofMillis(20), onFirst::incrementAndGet);
        await().until(() -> onFirst.get() > 0);
        second.hub().everyOnOneNode("tick", Duration.ofMillis(20), onSecond::incrementAndGet);
        int before = onFirst.get();
        await().until(() -> onFirst.get() > before + 20);
        assertThat(onSecond).hasValue(0);
        cluster.stop(first);
        await().until(() -> onSecond.get() > 0);
    }

    private record Returning(RecordingConnection socket, LocalClient client) {
        String session() {
            return client.id() + "." + socket.secret();
        }
    }

    /** Connects a client that names a former session; "" for none. */
    private static Returning connect(LocalHub hub, String was, Identity identity) {
        RecordingConnection socket = new RecordingConnection();
        socket.secret = "to be replaced";
        Handshake handshake = new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of(was)), identity);
        LocalClient client =
                TestHub.connect(hub, socket, handshake, hub.recovery().idFor(handshake), Map.of());
        get(hub.room("lobby")
                .join(client, Join.as("Kim").with(Map.of("colour", "red")).since("")));
        return new Returning(socket, client);
    }

    @Test
    void aClientReturnsToAnotherNodeWithItsIdAndNobodyNotices() {
        TestClient onA = joined(a, "lobby", null);
        TestClient onB = joined(b, "lobby", null);
        Returning first = connect(a, "", Identity.ANONYMOUS);
        String joined = "{\"room\":\"lobby\",\"id\":\"" + first.client.id()
                + "\",\"nick\":\"Kim\",\"data\":{\"colour\":\"red\"}}";
        await().untilAsserted(() ->
                assertThat(onA.socket.data("joined")).contains(joined).hasSize(2));
        // That the first one has joined may reach the other node before its own client joins there, or after.
        await().untilAsserted(() -> assertThat(onB.socket.data("joined"))
                .filteredOn(member -> !member.contains(onA.client.id()))
                .containsExactly(joined));
        Returning second = connect(b, first.session(), Identity.ANONYMOUS);
        assertThat(second.client.id()).isEqualTo(first.client.id());
        await().until(() -> !first.client.isConnected());
        b.left(second.client, new Close(1000, ""));
        String left = "{\"room\":\"lobby\",\"id\":\"" + first.client.id() + "\"}";
        onA.receives("left", left);
        onB.receives("left", left);
        assertThat(onA.socket.data("joined")).hasSize(2);
        assertThat(onB.socket.data("joined"))
                .filteredOn(member -> !member.contains(onA.client.id()))
                .hasSize(1);
    }

    @Test
    void aSessionIsTakenOnceByItsUserAndOnlyInItsNewestForm() {
        Identity kim = new Identity("Kim", java.util.Set.of(), null);
        Returning first = connect(a, "", kim);
        assertThat(connect(b, first.session(), new Identity("Lee", java.util.Set.of(), null))
                        .client
                        .id())
                .as("another user")
                .isNotEqualTo(first.client.id());
        assertThat(connect(b, first.session() + "x", kim).client.id())
                .as("not genuine")
                .isNotEqualTo(first.client.id());
        Returning second = connect(b, first.session(), kim);
        assertThat(second.client.id()).isEqualTo(first.client.id());
        assertThat(connect(a, first.session(), kim).client.id())
                .as("an older form")
                .isNotEqualTo(first.client.id());
        assertThat(second.client.isConnected()).isTrue();
        Returning third = connect(a, second.session(), kim);
        Returning fourth = connect(a, third.session(), kim);
        Returning fifth = connect(b, fourth.session(), kim);
        assertThat(List.of(third.client.id(), fourth.client.id(), fifth.client.id()))
                .containsOnly(first.client.id());
    }

    /** A client goes to another node and comes back before its first node has heard of the former. */
    @Test
    void lateNewsThatAClientHasLeftDoNotEndItWhenItHasComeBack() {
        Identity kim = new Identity("Kim", java.util.Set.of(), null);
        TestCluster.Node node = cluster.start();
        String channel = "test:n:" + node.cluster().node();
        // The number of clients that got it: the node has subscribed to its channel.
        await().until(() -> redis.command(Command.PUBLISH, channel, "ready?"), reply -> reply.equals(1L));
        Returning first = connect(node.hub(), "", kim);
        Returning other = connect(node.hub(), "", kim);
        Returning second = connect(b, first.session(), kim);
        await().until(() -> !first.client.isConnected());
        Returning third = connect(node.hub(), second.session(), kim);
        String news = "released\n/\n" + first.client.id() + "\n1";
        redis.command(Command.PUBLISH, channel, news);
        connect(b, other.session(), kim);
        await().until(() -> !other.client.isConnected()); // by news that came after those
        assertThat(third.client.id()).isEqualTo(first.client.id());
        assertThat(third.client.isConnected()).isTrue();
        assertThat(connect(b, third.session(), kim).client.id()).isEqualTo(first.client.id());
    }
}
