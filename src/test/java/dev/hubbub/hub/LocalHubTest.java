package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalHubTest {
    private static final Close GONE = new Close(1001, "");

    private final LocalHub hub =
            new TestHub().presence("quiet-*=off,number=count,all=full", 25).start();

    private Visitor visitor() {
        return new Visitor(hub);
    }

    @AfterEach
    void stop() {
        hub.stop(Duration.ZERO);
    }

    @Test
    void theFirstFrameIsConnected() {
        Visitor kim = visitor();
        assertThat(kim.socket.frames)
                .containsExactly("{\"name\":\"connected\",\"data\":{\"id\":\"" + kim.client.id()
                        + "\",\"heartbeat\":25000,\"maxPayload\":65536}}");
        assertThat(hub.client(kim.client.id())).containsSame(kim.client);
    }

    @Test
    void aJoinerGetsHelloAndTheOthersJoined() {
        Visitor kim = visitor();
        Visitor lee = visitor();
        hub.room("a").join(kim.client, "Kim");
        hub.room("a").join(lee.client);
        String k = kim.client.id();
        String l = lee.client.id();
        lee.sees(
                "hello",
                "{\"id\":\"" + l + "\",\"room\":\"a\",\"members\":[{\"id\":\"" + k + "\",\"nick\":\"Kim\"},{\"id\":\""
                        + l + "\"}],\"epoch\":\"E\",\"position\":2}");
        lee.sees("joined");
        kim.sees("joined", "{\"room\":\"a\",\"id\":\"" + l + "\"}");
        assertThat(hub.room("a").members()).containsExactly(new Member(k, "Kim"), new Member(l, null));
        assertThat(kim.client.rooms()).containsExactly("a");
    }

    @Test
    void joiningAgainSaysHelloAgainAndTellsOthersOnlyOfANewNick() {
        Visitor kim = visitor();
        Visitor lee = visitor();
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client, "Lee");
        hub.room("a").join(lee.client, "Lee");
        kim.sees("joined", "{\"room\":\"a\",\"id\":\"" + lee.client.id() + "\",\"nick\":\"Lee\"}");
        hub.room("a").join(lee.client, "L");
        await().until(() -> kim.socket.data("joined").size() == 2);
        await().until(() -> lee.socket.data("hello").size() == 3);
        assertThat(hub.room("a").members()).hasSize(2);
    }

    @Test
    void emitsToARoomToAllAndToAllButSome() {
        Visitor kim = visitor();
        Visitor lee = visitor();
        Visitor out = visitor();
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client);
        hub.room("a").emit("x", 1);
        hub.room("a").except(kim.client).emit("x", 2);
        hub.emit("x", 3);
        hub.except(lee.client, out.client).emit("x", 4);
        kim.client.emit("x", 5);
        kim.sees("x", "1", "3", "4", "5");
        lee.sees("x", "1", "2", "3");
        out.sees("x", "3");
        hub.room("nobody").emit("x", 6);
        assertThat(hub.roomNames()).containsExactly("a");
    }

    @Test
    void whoIsInSeveralRoomsGetsAnEventToThemOnce() {
        Visitor both = visitor();
        Visitor one = visitor();
        hub.room("a").join(both.client);
        hub.room("b").join(both.client);
        hub.room("b").join(one.client);
        hub.rooms("b", "a", "none").emit("x", 1);
        hub.rooms("a", "b").except(one.client).emit("x", 2);
        both.sees("x", "1", "2");
        one.sees("x", "1");
    }

    @Test
    void leavingTellsTheOthersAndTheLastToLeaveEndsTheRoom() {
        Visitor kim = visitor();
        Visitor lee = visitor();
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client);
        assertThat(hub.room("a").leave(lee.client)).isTrue();
        assertThat(hub.room("a").leave(lee.client)).isFalse();
        kim.sees("left", "{\"room\":\"a\",\"id\":\"" + lee.client.id() + "\"}");
        hub.disconnected(kim.client, GONE);
        assertThat(hub.roomNames()).isEmpty();
        assertThat(hub.room("a").position()).isZero();
        assertThat(hub.size()).isEqualTo(1);
    }

    @Test
    void whoHasGoneIsOutOfItsRoomsAndCannotJoin() {
        Visitor kim = visitor();
        Visitor lee = visitor();
        List<String> departures = new ArrayList<>();
        hub.onDeparture((client, close) -> departures.add(client.rooms() + " " + close.code()));
        hub.room("a").join(kim.client);
        hub.room("a").join(lee.client);
        hub.disconnected(lee.client, GONE);
        hub.disconnected(lee.client, GONE);
        kim.sees("left", "{\"room\":\"a\",\"id\":\"" + lee.client.id() + "\"}");
        assertThat(departures).containsExactly("[a] 1001");
        assertThat(lee.client.isConnected()).isFalse();
        assertThatThrownBy(() -> hub.room("b").join(lee.client)).isInstanceOf(EventException.class);
        assertThat(hub.roomNames()).containsExactly("a");
    }

    @Test
    void membersSeeOneOrderWhateverThreadsEmit() throws Exception {
        List<Visitor> members = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Visitor visitor = visitor();
            hub.room("a").join(visitor.client);
            hub.room("b").join(visitor.client);
            members.add(visitor);
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
    void aJoinerGetsEveryEventAfterThePositionOfItsHelloAndNoneBefore() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Visitor first = visitor();
        hub.room("a").join(first.client);
        for (int t = 0; t < 2; t++) {
            threads.execute(() -> {
                for (int i = 0; i < 500; i++) {
                    hub.room("a").emit("x", i);
                }
            });
        }
        List<Visitor> joiners = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Visitor joiner = visitor();
            hub.room("a").join(joiner.client);
            joiners.add(joiner);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        for (Visitor joiner : joiners) {
            joiner.awaitHello();
            assertThat(joiner.socket.frames.get(1)).startsWith("{\"name\":\"hello\"");
            String hello = joiner.socket.data("hello").get(0);
            long position = Long.parseLong(hello.substring(hello.lastIndexOf(':') + 1, hello.length() - 1));
            long after = hub.room("a").position() - position;
            await().untilAsserted(
                            () -> assertThat(joiner.socket.frames.size() - 2).isEqualTo((int) after));
        }
    }

    @Test
    void inTheEndWhoTakesNothingIsDismissedToo() {
        Visitor stuck = visitor();
        stuck.socket.stall();
        stuck.client.emit("restart", 1);
        assertThat(hub.dismiss(10, false)).isEqualTo(1);
        assertThat(stuck.client.isConnected()).isTrue(); // it is waited for
        assertThat(hub.dismiss(10, true)).isEqualTo(1);
        await().until(() -> stuck.socket.closeCode == 1012);
        assertThat(stuck.client.isConnected()).isFalse();
    }

    @Test
    void aSlowReaderIsClosedAndTheRoomDoesNotNotice() {
        LocalHub small = new TestHub().outbox(16, Duration.ofSeconds(15)).start();
        try {
            Visitor slow = new Visitor(small);
            Visitor healthy = new Visitor(small);
            small.room("a").join(slow.client);
            small.room("a").join(healthy.client);
            slow.socket.stall();
            for (int i = 0; i < 100; i++) {
                int n = i;
                small.room("a").emit("x", i);
                await().until(() -> healthy.socket.data("x").size() == n + 1);
            }
            await().until(() -> slow.socket.closeCode == 1013);
            healthy.sees("left", "{\"room\":\"a\",\"id\":\"" + slow.client.id() + "\"}");
            assertThat(small.size()).isEqualTo(1);
        } finally {
            small.stop(Duration.ZERO);
        }
    }

    @Test
    void aReaderForWhomOneEventWaitsTooLongIsClosed() {
        LocalHub fast = new TestHub()
                .outbox(100, Duration.ofMillis(200))
                .heartbeat(Duration.ofSeconds(1), Duration.ofMillis(100))
                .start();
        try {
            Visitor slow = new Visitor(fast);
            Visitor healthy = new Visitor(fast);
            slow.socket.stall();
            slow.client.emit("x", 1);
            healthy.client.emit("x", 1);
            await().until(() -> slow.socket.closeCode == 1013);
            assertThat(healthy.socket.closeCode).isZero();
        } finally {
            fast.stop(Duration.ZERO);
        }
    }

    @Test
    void aLargeRoomIsToldHowManyThereAreAndNotWho() {
        List<Visitor> members = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Visitor visitor = visitor();
            hub.room("a").join(visitor.client);
            members.add(visitor);
        }
        members.get(0).sees("presence", "{\"room\":\"a\",\"count\":100}");
        assertThat(members.get(0).socket.data("joined")).hasSize(24);
        assertThat(members.get(99).socket.data("hello").get(0)).contains("\"members\":[],\"count\":100,\"epoch\":");
        members.subList(10, 100).forEach(visitor -> hub.disconnected(visitor.client, GONE));
        members.get(0).sees("presence", "{\"room\":\"a\",\"count\":100}", "{\"room\":\"a\",\"count\":10}");
        members.get(0).sees("left");
        assertThat(hub.room("a").members()).hasSize(10);
    }

    @Test
    void aRoomsPresenceCanBeChosen() {
        Visitor first = visitor();
        Map<String, Visitor> last = new HashMap<>();
        for (String room : List.of("quiet-1", "number", "all")) {
            hub.room(room).join(first.client);
            for (int i = 0; i < 30; i++) {
                last.put(room, visitor());
                hub.room(room).join(last.get(room).client);
            }
        }
        await().untilAsserted(() -> {
            assertThat(hello(last.get("quiet-1"))).contains("\"members\":[],\"epoch\":");
            assertThat(hello(last.get("number"))).contains("\"members\":[],\"count\":31,");
            assertThat(hello(last.get("all")).split("\\{\"id\"")).hasSize(33);
            assertThat(first.socket.data("presence")).contains("{\"room\":\"number\",\"count\":31}");
        });
        assertThat(first.socket.data("joined")).hasSize(30).allMatch(data -> data.contains("\"room\":\"all\""));
        assertThat(first.socket.data("presence")).allMatch(data -> data.contains("\"room\":\"number\""));
    }

    private static String hello(Visitor visitor) {
        return String.join("", visitor.socket.data("hello"));
    }

    @Test
    void asksAndIsAnswered() throws Exception {
        Visitor kim = visitor();
        CompletionStage<Data> answer = kim.client.ask("sure?", null, Duration.ofSeconds(10));
        assertThat(kim.socket.frames).contains("{\"name\":\"sure?\",\"id\":1}");
        assertThat(kim.client.answered(new Event("ack", Data.parse("\"yes\""), "1", List.of())))
                .isTrue();
        assertThat(kim.client.answered(new Event("ack", Data.parse("\"yes\""), "1", List.of())))
                .isFalse();
        assertThat(answer.toCompletableFuture().get().json()).isEqualTo("\"yes\"");

        CompletionStage<Data> refused = kim.client.ask("sure?", null, Duration.ofSeconds(10));
        kim.client.answered(new Event("error", Data.parse("{\"code\":\"no-way\",\"message\":\"No\"}"), "2", List.of()));
        assertThatThrownBy(() -> refused.toCompletableFuture().get())
                .cause()
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("no-way"));
    }

    @Test
    void anAnswerThatNeverComesTimesOutAndOneFromWhoHasGoneFails() {
        Visitor kim = visitor();
        CompletionStage<Data> late = kim.client.ask("sure?", null, Duration.ofMillis(20));
        assertThatThrownBy(() -> late.toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        CompletionStage<Data> never = kim.client.ask("sure?", null, Duration.ofSeconds(100));
        hub.disconnected(kim.client, GONE);
        assertThatThrownBy(() -> never.toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(EventException.class);
        assertThat(kim.client.ask("x", null, Duration.ofSeconds(100)).toCompletableFuture())
                .isCompletedExceptionally();
    }

    @Test
    void theHeartbeatPingsAndEndsTheSilent() {
        LocalHub fast = new TestHub()
                .heartbeat(Duration.ofMillis(100), Duration.ofMillis(300))
                .start();
        try {
            Visitor alive = new Visitor(fast);
            Visitor dead = new Visitor(fast);
            fast.room("a").join(dead.client);
            await().until(() -> {
                alive.client.heard();
                return dead.socket.closeCode != 0;
            });
            assertThat(dead.socket.frames).contains("PING");
            assertThat(alive.socket.frames.stream().filter("PING"::equals).count())
                    .isGreaterThan(1);
            assertThat(alive.socket.closeCode).isZero();
            assertThat(fast.roomNames()).isEmpty();
        } finally {
            fast.stop(Duration.ZERO);
        }
    }

    @Test
    void stoppingSaysGoodbyeWith1012AfterWhatWasSent() {
        Visitor kim = visitor();
        kim.client.emit("last", 1);
        hub.stop(Duration.ofSeconds(5));
        assertThat(kim.socket.closeCode).isEqualTo(1012);
        assertThat(kim.socket.data("last")).hasSize(1);
        Visitor late = visitor();
        await().until(() -> late.socket.closeCode == 1012);
    }

    @Test
    void clientsAndRoomsLeaveNothingBehind() {
        for (int i = 0; i < 100_000; i++) {
            Visitor visitor = visitor();
            hub.room("room-" + i).join(visitor.client);
            hub.room("shared-" + i / 10).join(visitor.client);
            if (i % 2 == 0) {
                hub.room("room-" + i).leave(visitor.client);
            }
            hub.disconnected(visitor.client, GONE);
        }
        assertThat(hub.size()).isZero();
        assertThat(hub.roomNames()).isEmpty();
    }

    @Test
    void joinsAndDeparturesAtTheSameTimeLeaveNothingBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 5_000; i++) {
            Visitor visitor = visitor();
            threads.execute(() -> hub.disconnected(visitor.client, GONE));
            try {
                hub.room("a").join(visitor.client);
                hub.room("b" + i).join(visitor.client);
            } catch (EventException gone) {
                assertThat(gone.code()).isEqualTo("disconnected");
            }
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(hub.roomNames()).isEmpty();
        assertThat(hub.size()).isZero();
    }

    @Test
    void comingAndGoingFromSeveralThreadsAtOnceLeavesNothingBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 20_000; i++) {
            Visitor visitor = visitor();
            hub.room("a").join(visitor.client);
            AtomicInteger ready = new AtomicInteger();
            Future<?> leaving = threads.submit(() -> {
                meet(ready);
                hub.room("a").leave(visitor.client);
            });
            meet(ready);
            hub.room("a").join(visitor.client);
            leaving.get();
            hub.disconnected(visitor.client, GONE);
            assertThat(hub.roomNames()).isEmpty();
        }
        threads.shutdown();
    }

    private static void meet(AtomicInteger ready) {
        ready.incrementAndGet();
        while (ready.get() < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void namesOfRoomsHaveBounds() {
        assertThatThrownBy(() -> hub.room("")).isInstanceOf(EventException.class);
        assertThatThrownBy(() -> hub.room("x".repeat(129))).isInstanceOf(EventException.class);
    }
}
