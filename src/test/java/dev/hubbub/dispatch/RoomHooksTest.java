package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.OnEmpty;
import dev.hubbub.OnJoin;
import dev.hubbub.OnLeave;
import dev.hubbub.Room;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.TestHub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the application is told of clients that join and leave rooms. */
class RoomHooksTest {
    @EventHandlers
    static final class Games {
        final List<String> log = new CopyOnWriteArrayList<>();
        final AtomicInteger ticks = new AtomicInteger();

        @OnJoin("game-{id}")
        void join(Client client, Room room, Join join, Handshake handshake) {
            String ticket = join.request().string("ticket");
            if ("bad".equals(ticket)) {
                throw new EventException("no-ticket", "You need a ticket");
            }
            if ("broken".equals(ticket)) {
                throw new IllegalStateException("secret");
            }
            log.add("join " + room.name() + " " + join.nick() + " " + room.has(client));
            room.every("tick", Duration.ofMillis(1), ticks::incrementAndGet);
        }

        @OnLeave("game-{id}")
        void leave(Client client, Room room, LeaveReason reason) {
            log.add("leave " + room.name() + " " + reason + " " + room.has(client));
            throw new IllegalStateException("logged");
        }

        @OnEmpty("*")
        void empty(Room room) {
            log.add("empty " + room.name());
        }
    }

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Games games = new Games();
    private LocalHub hub;

    private LocalHub start(TestHub test) {
        hub = test.start();
        Handlers handlers = new Handlers(List.of(), List.of(Games.class), type -> games, hub);
        hub.onRooms(handlers::roomHook);
        return hub;
    }

    @AfterEach
    void stop() {
        hub.stop(Duration.ofSeconds(1), Duration.ofSeconds(1));
        executor.shutdown();
    }

    private LocalClient connect() {
        return TestHub.connect(
                hub, new RecordingConnection(), new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
    }

    private void awaitLog(String... entries) {
        await().untilAsserted(() -> assertThat(games.log).containsExactly(entries));
    }

    @Test
    void aMembershipIsJoinedAndLeftOnceAndTheRoomIsEmptyAfterwards() {
        start(new TestHub());
        LocalClient kim = connect();
        Room room = hub.room("game-1");
        room.join(kim, "Kim");
        room.join(kim, "Kim again");
        room.leave(kim);
        awaitLog("join game-1 Kim false", "leave game-1 LEFT false", "empty game-1");
        hub.room("other").join(kim);
        hub.room("other").leave(kim);
        await().untilAsserted(() -> assertThat(games.log).endsWith("empty other"));
        assertThat(games.log).hasSize(4);
    }

    @Test
    void aRefusedClientIsAnsweredTheReasonAndNothingIsLeftOfTheRoom() {
        start(new TestHub());
        LocalClient kim = connect();
        Room room = hub.room("game-1");
        for (Map.Entry<String, String> refused :
                Map.of("bad", "no-ticket", "broken", "internal").entrySet()) {
            Join join = Join.of(Data.of(Map.of("ticket", refused.getKey())));
            assertThatThrownBy(() -> room.admit(kim, join)).isInstanceOfSatisfying(EventException.class, e -> {
                assertThat(e.code()).isEqualTo(refused.getValue());
                assertThat(e.getMessage()).doesNotContain("secret");
            });
        }
        assertThat(kim.rooms()).isEmpty();
        room.join(kim);
        room.leave(kim);
        awaitLog("join game-1 null false", "leave game-1 LEFT false", "empty game-1");
    }

    @Test
    void theReasonTellsWhyAClientIsNoMemberAnyMore() {
        start(new TestHub());
        Room room = hub.room("game-1");
        LocalClient staying = connect();
        room.join(staying);
        LocalClient normal = connect();
        room.join(normal);
        hub.disconnected(normal, new Close(1000, ""));
        LocalClient lost = connect();
        room.join(lost);
        hub.disconnected(lost, new Close(1006, ""));
        LocalClient closed = connect();
        room.join(closed);
        closed.close(1008, "Banned");
        await().until(() -> !closed.isConnected());
        LocalClient expelled = connect();
        room.join(expelled);
        room.expel(expelled);
        LocalClient expiring = TestHub.connect(
                hub,
                new RecordingConnection(),
                new Handshake(
                        "127.0.0.1",
                        Map.of(),
                        Map.of(),
                        new Identity("kim", Set.of(), Instant.now().plusMillis(50))));
        room.join(expiring);
        await().untilAsserted(() -> assertThat(games.log.stream().filter(entry -> entry.startsWith("leave")))
                .containsExactlyInAnyOrder(
                        "leave game-1 LEFT false",
                        "leave game-1 LOST false",
                        "leave game-1 EXPELLED false",
                        "leave game-1 EXPELLED false",
                        "leave game-1 EXPIRED false"));
    }

    @Test
    void aLostClientThatReturnsInTimeHasNeitherLeftNorJoined() {
        start(new TestHub().grace(Duration.ofMillis(300)));
        RecordingConnection socket = new RecordingConnection();
        socket.secret = "s";
        LocalClient kim = TestHub.connect(
                hub, socket, new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of("")), Identity.ANONYMOUS));
        Room room = hub.room("game-1");
        room.join(kim, Join.as("Kim").since(""));
        hub.disconnected(kim, new Close(1006, ""));
        RecordingConnection second = new RecordingConnection();
        second.secret = "s";
        LocalClient back = TestHub.connect(
                hub,
                second,
                new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of("x")), Identity.ANONYMOUS),
                kim.id(),
                null);
        room.join(back, Join.as("Kim").since(""));
        assertThat(games.log).containsExactly("join game-1 Kim false");
        hub.disconnected(back, new Close(1006, ""));
        awaitLog("join game-1 Kim false", "leave game-1 LOST false", "empty game-1");
    }

    @Test
    void hooksDoNotRunOnThreadsThatMustNotBlock() {
        start(new TestHub().application(executor));
        LocalClient kim = connect();
        CompletableFuture<Void> joined = hub.room("game-1").join(kim, "Kim").toCompletableFuture();
        await().until(joined::isDone);
        assertThat(kim.rooms()).containsExactly("game-1");
        assertThat(hub.room("game-1")
                        .join(connect(), Join.of(Data.of(Map.of("ticket", "bad"))))
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("ticket");
    }

    @Test
    void aTimerOfARoomRunsOnceHoweverManyHaveStartedItAndEndsWithTheRoom() {
        start(new TestHub());
        Room room = hub.room("game-1");
        LocalClient kim = connect();
        LocalClient lee = connect();
        room.join(kim);
        room.join(lee);
        await().until(() -> games.ticks.get() > 3);
        var running = room.every("tick", Duration.ofHours(1), () -> {});
        assertThat(running).isSameAs(room.every("tick", Duration.ofHours(1), () -> {}));
        room.leave(kim);
        assertThat(running.isCancelled()).isFalse();
        room.leave(lee);
        assertThat(running.isCancelled()).isTrue();
        assertThatThrownBy(() -> room.every("tick", Duration.ofHours(1), () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("game-1 has no members");
    }
}
