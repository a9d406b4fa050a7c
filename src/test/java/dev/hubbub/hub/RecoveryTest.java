package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Delivery;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.Page;
import dev.hubbub.protocol.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that reconnect and rejoin rooms, and the events that rooms keep for them. */
class RecoveryTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    /** Keeps more events than a client can miss in these tests, however slowly they run. */
    private final LocalHub hub = hubs.start(new TestHub());

    private LocalHub withShortHistory(Duration age) {
        return hubs.start(new TestHub().log(100, age));
    }

    @Test
    void aReconnectingClientIsSentExactlyTheEventsItMissed() {
        TestClient kim = TestClient.joined(hub, "a");
        TestClient lee = TestClient.joined(hub, "a");
        hub.room("a").emit("x", 1);
        await().until(() -> kim.position().endsWith(".1")); // a client that has just joined has no position yet
        kim.receives("x", "1,\"position\":\"" + kim.position() + "\"");
        kim.disconnect();
        hub.room("a").emit("x", 2);
        hub.room("a").except(lee.client).emit("x", 3);
        hub.room("a").except(kim.client).emit("x", 4);
        hub.room("a").emit("x", 5, Delivery.DROPPABLE);
        TestClient again = new TestClient(hub, kim, "a", kim.position());
        hub.room("a").emit("x", 6);
        await().until(() -> again.socket.data("x").size() >= 3);
        assertThat(again.recovered()).isTrue();
        assertThat(again.socket.data("x").stream().map(data -> data.charAt(0))).containsExactly('2', '3', '6');
        assertThat(again.socket.frames.get(1)).startsWith("{\"name\":\"hello\"");
    }

    @Test
    void aClientThatMissedNothingIsRecoveredEvenIfTheRoomWasEmpty() {
        TestClient kim = TestClient.joined(hub, "a");
        kim.disconnect();
        assertThat(hub.roomNames()).isEmpty();
        TestClient again = new TestClient(hub, kim, "a", kim.position());
        assertThat(again.recovered()).isTrue();
        assertThat(again.position()).isEqualTo(kim.position());
        assertThat(hub.roomNames()).containsExactly("a");
    }

    @Test
    void aMemberThatRejoinsIsSentNothingTwice() {
        TestClient kim = TestClient.joined(hub, "a");
        hub.room("a").emit("x", 1);
        hub.room("a").join(kim.client, "Kim", kim.position());
        await().until(() -> kim.socket.data("hello").size() == 2);
        assertThat(kim.socket.data("hello").get(1)).doesNotContain("recovered");
        kim.client.emit("end", 1);
        kim.receives("end", "1");
        assertThat(kim.socket.data("x")).hasSize(1);
    }

    @Test
    void aGapIsReported() {
        LocalHub hub = withShortHistory(Duration.ofMinutes(2));
        TestClient kim = TestClient.joined(hub, "a");
        kim.disconnect();
        for (int i = 0; i < 101; i++) {
            hub.room("a").emit("x", i);
        }
        assertThat(new TestClient(hub, kim, "a", kim.position()).recovered()).isFalse();
        assertThat(new TestClient(hub, kim, "a", "AAAAAAAAAAA.1").recovered()).isFalse();
        assertThat(new TestClient(hub, kim, "a", kim.position().replaceAll("[0-9]+$", "999")).recovered())
                .as("a position that was never reached")
                .isFalse();
        assertThat(TestClient.joined(hub, "a").socket.data("hello").get(0)).doesNotContain("recovered");
    }

    @Test
    void aRoomExpiresAndStartsANewEpoch() {
        LocalHub hub = withShortHistory(Duration.ofMillis(500));
        TestClient kim = TestClient.joined(hub, "a");
        hub.room("a").emit("x", 1);
        kim.disconnect();
        assertThat(hub.room("a").position()).isPositive();
        await().until(() -> hub.room("a").position() == 0);
        assertThat(new TestClient(hub, kim, "a", kim.position()).recovered()).isFalse();
    }

    @Test
    void reconnectingRepeatedlyWhileOthersPublishLosesAndRepeatsNothing() throws Exception {
        TestClient observer = TestClient.joined(hub, "a");
        int events = 2_000;
        Thread publisher = new Thread(() -> {
            for (int i = 0; i < events; i++) {
                hub.room("a").emit("x", i);
                Thread.onSpinWait();
                if (i % 20 == 0) {
                    int published = i;
                    await().until(() -> observer.socket.data("x").size() >= published);
                }
            }
        });
        publisher.start();
        List<String> received = new ArrayList<>();
        TestClient kim = TestClient.joined(hub, "a");
        while (publisher.isAlive()) {
            kim.disconnect();
            received.addAll(kim.socket.data("x"));
            kim = new TestClient(hub, kim, "a", kim.position());
            assertThat(kim.recovered()).isTrue();
        }
        TestClient last = kim;
        await().until(() -> last.position().endsWith("." + events)); // the events it missed may still be queued
        received.addAll(last.socket.data("x"));
        List<Integer> numbers = received.stream()
                .map(data -> Integer.valueOf(data.substring(0, data.indexOf(','))))
                .toList();
        assertThat(numbers).hasSizeGreaterThan(10).last().isEqualTo(events - 1);
        for (int i = 1; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
        }
    }

    /** Connects to the hub, without joining a room, with the positions that the client has reached; "" for none. */
    private RecordingConnection reconnect(String id, String positions) {
        RecordingConnection socket = new RecordingConnection();
        TestHub.connect(
                hub, socket, new Handshake("", Map.of(), Map.of(), Identity.ANONYMOUS), id, Positions.parse(positions));
        return socket;
    }

    private static String position(RecordingConnection socket) {
        return socket.frames.get(socket.frames.size() - 1).replaceAll(".*\"position\":\"([^\"]+).*", "$1");
    }

    private boolean remembers(Map<String, Long> seen) {
        return hub.recovery().remembers(List.of(), seen).toCompletableFuture().join();
    }

    @Test
    void eventsToAllAreResentToAReconnectingClient() {
        RecordingConnection kim = reconnect("kim", "");
        assertThat(kim.frames.get(0)).doesNotContain("recovered").contains("\"position\":");
        String initial = position(kim);
        hub.emit("x", 1);
        await().until(() -> kim.data("x").size() == 1);
        String afterOne = position(kim);
        hub.disconnected((LocalClient) hub.client("kim").orElseThrow(), TestClient.GOING_AWAY);
        hub.emit("x", 2);
        assertThat(remembers(Positions.parse(afterOne))).isTrue();
        RecordingConnection again = reconnect("kim", afterOne);
        assertThat(again.frames.get(0)).contains("\"recovered\":true");
        await().until(() -> again.data("x").size() == 1);
        assertThat(again.data("x").get(0)).startsWith("2,");
        RecordingConnection fromInitial = reconnect("lee", initial);
        await().until(() -> fromInitial.data("x").size() == 2);
        assertThat(remembers(Map.of())).isFalse();
        assertThat(reconnect("pat", "AAAAAAAAAAA.1").frames.get(0)).contains("\"recovered\":false");
    }

    @Test
    void aSiblingHubHasItsOwnClientsAndRooms() {
        LocalHub other = hub.sibling("/other");
        TestClient kim = new TestClient(hub);
        TestClient lee = new TestClient(other);
        hub.room("a").join(kim.client);
        other.room("a").join(lee.client);
        hub.room("a").emit("x", 1);
        hub.emit("x", 2);
        other.emit("x", 3);
        lee.receives("x", "3");
        kim.receives("x", "1", "2");
        assertThat(hub.room("a").members()).hasSize(1);
        hub.stop(Duration.ofSeconds(5), Duration.ZERO);
        assertThat(lee.socket.closeCode).isEqualTo(1012);
    }

    private static List<Integer> numbers(TestClient client) {
        return client.socket.data("x").stream()
                .map(data -> Integer.valueOf(data.substring(0, data.indexOf(','))))
                .toList();
    }

    @Test
    void theLastEventsAndTheLiveOnesHaveNoGapWhileTheRoomIsBusy() throws Exception {
        TestClient.joined(hub, "a");
        int events = 3_000;
        Thread publisher = new Thread(() -> {
            for (int i = 1; i <= events; i++) {
                hub.room("a").emit("x", i);
            }
        });
        publisher.start();
        List<TestClient> joined = new ArrayList<>();
        while (publisher.isAlive()) {
            TestClient client = new TestClient(hub);
            hub.room("a").join(client.client, Join.PLAIN.last(20));
            joined.add(client);
        }
        assertThat(joined).hasSizeGreaterThan(5);
        for (TestClient client : joined) {
            await().until(() -> numbers(client).contains(events));
            List<Integer> numbers = numbers(client);
            long start = Long.parseLong(client.socket.data("hello").get(0).replaceAll(".*\"position\":(\\d+).*", "$1"));
            assertThat(numbers.get(0)).isEqualTo((int) start + 1);
            for (int i = 1; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
            }
        }
    }

    @Test
    void whatWasMissedTakesPrecedenceOverTheLastEvents() {
        TestClient kim = TestClient.joined(hub, "a");
        for (int i = 1; i <= 10; i++) {
            hub.room("a").emit("x", i);
        }
        await().until(() -> kim.position().endsWith(".10"));
        kim.disconnect();
        hub.room("a").emit("x", 11);
        TestClient again = new TestClient(hub);
        hub.room("a").join(again.client, Join.PLAIN.since(kim.position()).last(5));
        assertThat(again.recovered()).isTrue();
        await().until(() -> numbers(again).equals(List.of(11)));
        TestClient unknown = new TestClient(hub);
        hub.room("a").join(unknown.client, Join.PLAIN.since("AAAAAAAAAAA.3").last(2));
        assertThat(unknown.socket.data("hello").get(0))
                .contains("\"recovered\":false")
                .contains("\"position\":9}");
        await().until(() -> numbers(unknown).equals(List.of(10, 11)));
        assertThat(unknown.socket.data("x").get(1)).contains(",\"position\":\"").contains(",\"at\":1");
    }

    @Test
    void theLastEventsFillAtMostHalfOfTheOutbox() {
        LocalHub small = hubs.start(new TestHub().outbox(20, Duration.ofSeconds(15)));
        for (int i = 1; i <= 50; i++) {
            small.room("a").emit("x", i);
        }
        TestClient kim = new TestClient(small);
        small.room("a").join(kim.client, Join.PLAIN.last(50));
        await().until(() -> numbers(kim).size() == 10);
        assertThat(numbers(kim).get(0)).isEqualTo(41);
        assertThat(kim.socket.data("hello").get(0)).contains("\"position\":40}");
    }

    @Test
    void aPageOfHistoryGoesOnBeyondEventsThatExcludedItsReader() {
        TestClient kim = TestClient.joined(hub, "a");
        hub.room("a").emit("x", "first");
        for (int i = 0; i < 2_500; i++) {
            hub.room("a").except(kim.client).emit("x", i);
        }
        Page page = kim.client
                .room("a")
                .history(kim.client, null, 5)
                .toCompletableFuture()
                .join();
        assertThat(page.events()).extracting(event -> event.data().json()).containsExactly("\"first\"");
        assertThat(page.more()).isFalse();
        assertThat(hub.room("a").history(null, 5).toCompletableFuture().join().events())
                .hasSize(5);
    }

    @Test
    void aPageEndsBefore256KilobytesButHasAnEvent() {
        for (int size : List.of(60_000, 60_000, 60_000, 60_000, 60_000, 300_000)) {
            hub.room("a").emit("x", "x".repeat(size));
        }
        Page last = hub.room("a").history(null, 50).toCompletableFuture().join();
        assertThat(last.events()).hasSize(1);
        assertThat(last.more()).isTrue();
        Page before = hub.room("a")
                .history(last.events().get(0).position(), 50)
                .toCompletableFuture()
                .join();
        assertThat(before.events()).hasSize(4);
        assertThat(before.more()).isTrue();
        assertThat(before.json().length()).isLessThan(256 * 1024);
    }

    @Test
    void thePolicyDecidesWhoReadsHistoryWithoutBeingAMember() {
        LocalHub hub = hubs.start(new TestHub().rooms("news history=anyone; secret join=nobody history=anyone", true));
        hub.room("news").emit("x", 1);
        hub.room("other").emit("x", 1);
        TestClient kim = new TestClient(hub);
        assertThat(kim.client
                        .room("news")
                        .history(kim.client, null, 5)
                        .toCompletableFuture()
                        .join()
                        .events())
                .hasSize(1);
        assertThatThrownBy(() -> kim.client.room("other").history(kim.client, null, 5))
                .extracting("code")
                .isEqualTo("not-in-room");
        assertThatThrownBy(() -> kim.client.room("secret").history(kim.client, null, 5))
                .extracting("code")
                .isEqualTo("forbidden");
    }
}
