package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Delivery;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.protocol.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that come back to rooms, and what rooms remember for them. */
class RecoveryTest {
    private static final Close GONE = new Close(1001, "");

    private final List<LocalHub> hubs = new ArrayList<>();
    /** Remembers more than any thread of a test can miss, however long it is kept waiting. */
    private final LocalHub hub = started(new TestHub());

    private LocalHub started(TestHub how) {
        LocalHub started = how.start();
        hubs.add(started);
        return started;
    }

    private LocalHub forgetful(Duration age) {
        return started(new TestHub().log(100, age));
    }

    @AfterEach
    void stop() {
        hubs.forEach(started -> started.stop(Duration.ZERO));
    }

    @Test
    void whoComesBackIsSentWhatWasMissedAndNothingElse() {
        Visitor kim = Visitor.newcomer(hub, "a");
        Visitor lee = Visitor.newcomer(hub, "a");
        hub.room("a").emit("x", 1);
        await().until(() -> kim.position().endsWith(".3")); // after two that joined
        kim.sees("x", "1,\"position\":\"" + kim.position() + "\"");
        hub.disconnected(kim.client, GONE);
        hub.room("a").emit("x", 2);
        hub.room("a").except(lee.client).emit("x", 3);
        hub.room("a").except(kim.client).emit("x", 4);
        hub.room("a").emit("x", 5, Delivery.DROPPABLE);
        Visitor back = new Visitor(hub, kim, "a", kim.position());
        hub.room("a").emit("x", 6);
        await().until(() -> back.socket.data("x").size() >= 3);
        assertThat(back.recovered()).isTrue();
        assertThat(back.socket.data("x").stream().map(data -> data.charAt(0))).containsExactly('2', '3', '6');
        assertThat(back.socket.frames.get(1)).startsWith("{\"name\":\"hello\"");
    }

    @Test
    void whoHasMissedNothingHasRecoveredAlsoWhenTheRoomWasEmpty() {
        Visitor kim = Visitor.newcomer(hub, "a");
        hub.disconnected(kim.client, GONE);
        assertThat(hub.roomNames()).isEmpty();
        Visitor back = new Visitor(hub, kim, "a", kim.position());
        assertThat(back.recovered()).isTrue();
        assertThat(back.position()).isEqualTo(kim.position());
        assertThat(hub.roomNames()).containsExactly("a");
    }

    @Test
    void whoIsInAndJoinsAgainIsSentNothingTwice() {
        Visitor kim = Visitor.newcomer(hub, "a");
        hub.room("a").emit("x", 1);
        hub.room("a").join(kim.client, "Kim", kim.position());
        await().until(() -> kim.socket.data("hello").size() == 2);
        assertThat(kim.socket.data("hello").get(1)).doesNotContain("recovered");
        kim.client.emit("end", 1);
        kim.sees("end", "1");
        assertThat(kim.socket.data("x")).hasSize(1);
    }

    @Test
    void aGapIsSaidAndNeverHidden() {
        LocalHub hub = forgetful(Duration.ofMinutes(2));
        Visitor kim = Visitor.newcomer(hub, "a");
        hub.disconnected(kim.client, GONE);
        for (int i = 0; i < 101; i++) {
            hub.room("a").emit("x", i);
        }
        assertThat(new Visitor(hub, kim, "a", kim.position()).recovered()).isFalse();
        assertThat(new Visitor(hub, kim, "a", "AAAAAAAAAAA.1").recovered()).isFalse();
        assertThat(new Visitor(hub, kim, "a", kim.position().replaceAll("[0-9]+$", "999")).recovered())
                .as("a position that was never reached")
                .isFalse();
        assertThat(Visitor.newcomer(hub, "a").socket.data("hello").get(0)).doesNotContain("recovered");
    }

    @Test
    void aRoomForgetsAfterItsTimeAndBeginsAnew() {
        LocalHub hub = forgetful(Duration.ofMillis(500));
        Visitor kim = Visitor.newcomer(hub, "a");
        hub.room("a").emit("x", 1);
        hub.disconnected(kim.client, GONE);
        assertThat(hub.room("a").position()).isPositive();
        await().until(() -> hub.room("a").position() == 0);
        assertThat(new Visitor(hub, kim, "a", kim.position()).recovered()).isFalse();
    }

    @Test
    void comingBackAgainAndAgainWhileOthersTalkLosesAndRepeatsNothing() throws Exception {
        Visitor watcher = Visitor.newcomer(hub, "a");
        int events = 2_000;
        Thread talker = new Thread(() -> {
            for (int i = 0; i < events; i++) {
                hub.room("a").emit("x", i);
                Thread.onSpinWait();
                if (i % 20 == 0) {
                    int heard = i;
                    await().until(() -> watcher.socket.data("x").size() >= heard);
                }
            }
        });
        talker.start();
        List<String> seen = new ArrayList<>();
        Visitor kim = Visitor.newcomer(hub, "a");
        boolean first = true;
        while (talker.isAlive() || first || !kim.socket.data("x").isEmpty()) {
            hub.disconnected(kim.client, GONE);
            seen.addAll(kim.socket.data("x"));
            kim = new Visitor(hub, kim, "a", kim.position());
            assertThat(kim.recovered()).isTrue();
            first = false;
        }
        List<Integer> numbers = seen.stream()
                .map(data -> Integer.valueOf(data.substring(0, data.indexOf(','))))
                .toList();
        assertThat(numbers).hasSizeGreaterThan(10).last().isEqualTo(events - 1);
        for (int i = 1; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
        }
    }

    /** Comes to the hub, not to a room, with the positions that it has seen; "" for none. */
    private RecordingConnection comesBack(String id, String seen) {
        RecordingConnection socket = new RecordingConnection();
        hub.connect(socket, new Handshake("", Map.of(), Map.of(), Identity.ANONYMOUS), id, Position.parse(seen));
        return socket;
    }

    private static String position(RecordingConnection socket) {
        return socket.frames.get(socket.frames.size() - 1).replaceAll(".*\"position\":\"([^\"]+).*", "$1");
    }

    @Test
    void eventsToAllAreRepeatedToWhoComesBackToTheHub() {
        RecordingConnection kim = comesBack("kim", "");
        assertThat(kim.frames.get(0)).doesNotContain("recovered").contains("\"position\":");
        String atFirst = position(kim);
        hub.emit("x", 1);
        await().until(() -> kim.data("x").size() == 1);
        String afterOne = position(kim);
        hub.disconnected((LocalClient) hub.client("kim").orElseThrow(), GONE);
        hub.emit("x", 2);
        assertThat(hub.remembers(List.of(), Position.parse(afterOne))).isTrue();
        RecordingConnection again = comesBack("kim", afterOne);
        assertThat(again.frames.get(0)).contains("\"recovered\":true");
        await().until(() -> again.data("x").size() == 1);
        assertThat(again.data("x").get(0)).startsWith("2,");
        RecordingConnection fromTheStart = comesBack("lee", atFirst);
        await().until(() -> fromTheStart.data("x").size() == 2);
        assertThat(hub.remembers(List.of(), Map.of())).isFalse();
        assertThat(comesBack("pat", "AAAAAAAAAAA.1").frames.get(0)).contains("\"recovered\":false");
    }

    @Test
    void aSiblingHasClientsAndRoomsOfItsOwn() {
        LocalHub other = hub.sibling();
        Visitor kim = new Visitor(hub);
        Visitor lee = new Visitor(other);
        hub.room("a").join(kim.client);
        other.room("a").join(lee.client);
        hub.room("a").emit("x", 1);
        hub.emit("x", 2);
        other.emit("x", 3);
        lee.sees("x", "3");
        kim.sees("x", "1", "2");
        assertThat(hub.room("a").members()).hasSize(1);
        hub.stop(Duration.ofSeconds(5));
        assertThat(lee.socket.closeCode).isEqualTo(1012);
    }
}
