package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.EventException;
import dev.hubbub.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rooms, their members, and the events that they receive. */
class LocalHubTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());

    private TestClient connect() {
        return new TestClient(hub);
    }

    @Test
    void theFirstEventIsConnected() {
        TestClient kim = connect();
        assertThat(kim.socket.frames)
                .containsExactly("{\"name\":\"connected\",\"data\":{\"id\":\"" + kim.client.id()
                        + "\",\"heartbeat\":25000,\"maxPayload\":65536,\"keyAge\":120000}}");
        assertThat(hub.client(kim.client.id())).containsSame(kim.client);
    }

    @Test
    void aJoiningClientReceivesHelloAndTheOthersReceiveJoined() {
        TestClient kim = connect();
        TestClient lee = connect();
        hub.room("a").join(kim.client, "Kim");
        hub.room("a").join(lee.client);
        String k = kim.client.id();
        String l = lee.client.id();
        lee.receives(
                "hello",
                "{\"id\":\"" + l + "\",\"room\":\"a\",\"members\":[{\"id\":\"" + k + "\",\"nick\":\"Kim\"},{\"id\":\""
                        + l + "\"}],\"epoch\":\"E\",\"position\":0}");
        lee.receives("joined");
        kim.receives("joined", "{\"room\":\"a\",\"id\":\"" + l + "\"}");
        assertThat(hub.room("a").members()).containsExactly(new Member(k, "Kim"), new Member(l, null));
        assertThat(kim.client.rooms()).containsExactly("a");
    }

    @Test
    void rejoiningSendsHelloAgainAndNotifiesOthersOnlyOfANewNick() {
        TestClient kim = connect();
        TestClient lee = connect();
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client, "Lee");
        hub.room("a").join(lee.client, "Lee");
        kim.receives("joined", "{\"room\":\"a\",\"id\":\"" + lee.client.id() + "\",\"nick\":\"Lee\"}");
        hub.room("a").join(lee.client, "L");
        await().until(() -> kim.socket.data("joined").size() == 2);
        await().until(() -> lee.socket.data("hello").size() == 3);
        assertThat(hub.room("a").members()).hasSize(2);
    }

    @Test
    void eventsAreEmittedToARoomToAllAndToAllExceptSome() {
        TestClient kim = connect();
        TestClient lee = connect();
        TestClient out = connect();
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client);
        hub.room("a").emit("x", 1);
        hub.room("a").except(kim.client).emit("x", 2);
        hub.emit("x", 3);
        hub.except(lee.client, out.client).emit("x", 4);
        kim.client.emit("x", 5);
        kim.receives("x", "1", "3", "4", "5");
        lee.receives("x", "1", "2", "3");
        out.receives("x", "3");
        hub.room("nobody").emit("x", 6);
        assertThat(hub.roomNames()).containsExactly("a");
    }

    @Test
    void aMemberOfSeveralRoomsReceivesAnEventToThemOnce() {
        TestClient both = connect();
        TestClient one = connect();
        hub.room("a").join(both.client);
        hub.room("b").join(both.client);
        hub.room("b").join(one.client);
        hub.rooms("b", "a", "none").emit("x", 1);
        hub.rooms("a", "b").except(one.client).emit("x", 2);
        both.receives("x", "1", "2");
        one.receives("x", "1");
    }

    @Test
    void leavingNotifiesTheOthersAndTheLastLeaveClosesTheRoom() {
        TestClient kim = connect();
        TestClient lee = connect();
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client);
        assertThat(hub.room("a").leave(lee.client)).isTrue();
        assertThat(hub.room("a").leave(lee.client)).isFalse();
        kim.receives("left", "{\"room\":\"a\",\"id\":\"" + lee.client.id() + "\"}");
        kim.disconnect();
        assertThat(hub.roomNames()).isEmpty();
        assertThat(hub.room("a").position()).isZero();
        assertThat(hub.size()).isEqualTo(1);
    }

    @Test
    void aDisconnectedClientIsInNoRoomAndCannotJoin() {
        TestClient kim = connect();
        TestClient lee = connect();
        List<String> disconnects = new ArrayList<>();
        hub.onDisconnect((client, close) -> disconnects.add(client.rooms() + " " + close.code()));
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client);
        lee.disconnect();
        lee.disconnect();
        kim.receives("left", "{\"room\":\"a\",\"id\":\"" + lee.client.id() + "\"}");
        assertThat(disconnects).containsExactly("[a] 1001");
        assertThat(lee.client.isConnected()).isFalse();
        assertThatThrownBy(() -> hub.room("b").join(lee.client)).isInstanceOf(EventException.class);
        assertThat(hub.roomNames()).containsExactly("a");
    }

    @Test
    void membersReceiveEventsOfAllThreadsInTheSameOrder() throws Exception {
        List<TestClient> members = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestClient testClient = connect();
            hub.room("a").join(testClient.client);
            hub.room("b").join(testClient.client);
            members.add(testClient);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int t = 0; t < 4; t++) {
            int thread = t;
            threads.execute(() -> {
                for (int i = 0; i < 100; i++) {
                    if (i % 10 == 0) {
                        hub.rooms("b", "a").emit("x", thread * 1_000 + i);
                    } else {
                        hub.room("a").emit("x", thread * 1_000 + i);
                    }
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() ->
                members.forEach(member -> assertThat(member.socket.data("x")).hasSize(400)));
        List<String> order = members.get(0).socket.data("x");
        members.forEach(member -> assertThat(member.socket.data("x")).isEqualTo(order));
        for (int t = 0; t < 4; t++) {
            int thread = t;
            assertThat(order.stream().map(Integer::parseInt).filter(n -> n / 1_000 == thread))
                    .isSorted();
        }
    }

    @Test
    void aJoiningClientReceivesExactlyTheEventsAfterThePositionInHello() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        TestClient first = connect();
        hub.room("a").join(first.client);
        for (int t = 0; t < 2; t++) {
            threads.execute(() -> {
                for (int i = 0; i < 500; i++) {
                    hub.room("a").emit("x", i);
                }
            });
        }
        List<TestClient> joiners = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestClient joiner = connect();
            hub.room("a").join(joiner.client);
            joiners.add(joiner);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        for (TestClient joiner : joiners) {
            joiner.awaitHello();
            assertThat(joiner.socket.frames.get(1)).startsWith("{\"name\":\"hello\"");
            String hello = joiner.socket.data("hello").get(0);
            long position = Long.parseLong(hello.substring(hello.lastIndexOf(':') + 1, hello.length() - 1));
            long after = hub.room("a").position() - position;
            await().untilAsserted(() -> assertThat(joiner.socket.data("x")).hasSize((int) after));
        }
    }

    @Test
    void roomNamesHaveAMinimumAndAMaximumLength() {
        assertThatThrownBy(() -> hub.room("")).isInstanceOf(EventException.class);
        assertThatThrownBy(() -> hub.room("x".repeat(129))).isInstanceOf(EventException.class);
    }
}
