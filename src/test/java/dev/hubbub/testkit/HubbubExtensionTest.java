package dev.hubbub.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test kit, as an application uses it. */
class HubbubExtensionTest {
    @EventHandlers
    static class Chat {
        record Said(String text) {}

        private final String greeting;
        private final List<Integer> closed = new CopyOnWriteArrayList<>();

        Chat(String greeting) {
            this.greeting = greeting;
        }

        @OnConnect
        void hello(Client client, Handshake handshake) {
            if (handshake.parameter("banned").isPresent()) {
                throw new EventException("forbidden", "You are banned");
            }
            client.emit(
                    "welcome",
                    Map.of(
                            "text",
                            greeting,
                            "language",
                            handshake.header("Accept-Language").orElse("")));
        }

        @OnEvent("say")
        int say(Client client, Room room, Data data) {
            room.except(client).emit("said", new Said(data.string("text")));
            return room.size();
        }

        @OnDisconnect
        void bye(Close close) {
            closed.add(close.code());
        }
    }

    @RoomPolicy("staff-{name}")
    static class StaffRooms implements RoomAccess {
        @Override
        public boolean mayJoin(Client client, Map<String, String> parts) {
            return client.isInRole("staff");
        }
    }

    private final Chat chat = new Chat("hi");

    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(Chat.class, StaffRooms.class)
            .with(Chat.class, () -> chat)
            .setting("hubbub.outbox-events", "16");

    @Test
    void eventsAreHandledAndAcknowledged() {
        TestClient kim = hubbub.connect("kim").join("lobby", "Kim");
        TestClient lee = hubbub.connect().join("lobby");
        assertThat(kim.ask("say", Map.of("room", "lobby", "text", "hello"), Integer.class))
                .isEqualTo(2);
        assertThat(lee.expect("said", Chat.Said.class).text()).isEqualTo("hello");
        kim.expect("joined", Map.of("id", lee.id(), "room", "lobby"));
        kim.expectNone("said");
        assertThat(hubbub.hub().room("lobby").size()).isEqualTo(2);
    }

    @Test
    void anErrorIsThrownAndWhatDoesNotArriveFailsTheTest() {
        TestClient kim = hubbub.connect();
        assertThatThrownBy(() -> kim.ask("say", Map.of("room", "lobby", "text", "x")))
                .isInstanceOfSatisfying(
                        EventException.class, error -> assertThat(error.code()).isEqualTo("not-in-room"));
        assertThat(kim.emit("nothing", null).expectError().code()).isEqualTo("unknown-event");
        kim.join("lobby");
        assertThatThrownBy(() -> kim.expectNone("welcome")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> kim.expect("welcome", Map.of("text", "other")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("where {\"text\":\"other\"} was expected");
    }

    @Test
    void theRequestAndTheIdentityAreThoseOfTheTest() {
        TestClient kim = hubbub.client()
                .user("kim", "staff")
                .header("Accept-Language", "ko")
                .connect();
        kim.expect("welcome", Map.of("text", "hi", "language", "ko"));
        kim.join("staff-room");
        assertThatThrownBy(() -> hubbub.connect("lee").join("staff-room")).hasMessage("You may not join this room");
        Close close = hubbub.client().parameter("banned", "").connect().expectClose();
        assertThat(close.code()).isEqualTo(1008);
        assertThat(close.reason()).isEqualTo("You are banned");
    }

    @Test
    void aClientThatReturnsIsSentWhatItMissed() {
        TestClient kim = hubbub.connect().join("lobby");
        TestClient lee = hubbub.connect().join("lobby");
        String id = lee.id();
        lee.loseConnection();
        kim.ask("say", Map.of("room", "lobby", "text", "missed"));
        lee.returns();
        assertThat(lee.id()).isEqualTo(id);
        assertThat(lee.expect("hello").data().json()).contains("\"recovered\":true");
        lee.expect("said", Map.of("text", "missed"));
        kim.expectNone("left");
    }

    @Test
    void timePassesOnlyWhenTheTestLetsIt() {
        TestClient kim = hubbub.connect().join("lobby");
        TestClient lee = hubbub.connect().join("lobby");
        lee.loseConnection();
        hubbub.advance(Duration.ofMillis(4_900));
        kim.expectNone("left");
        hubbub.advance(Duration.ofSeconds(2)); // the rest of the grace, and the pause in which changes are collected
        kim.expect("left");
        assertThat(chat.closed).containsExactly(1006);
    }

    @Test
    void aQuestionIsAnsweredOrTimesOut() throws Exception {
        TestClient kim = hubbub.connect();
        CompletableFuture<Data> answer =
                kim.client().ask("sure?", null, Duration.ofSeconds(30)).toCompletableFuture();
        kim.answer("sure?", "yes");
        assertThat(answer.get().as(String.class)).isEqualTo("yes");
        CompletableFuture<Data> late =
                kim.client().ask("sure?", null, Duration.ofSeconds(30)).toCompletableFuture();
        hubbub.advance(Duration.ofSeconds(31));
        assertThatThrownBy(late::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aSlowReaderIsClosedAndTheOthersAreNot() {
        TestClient kim = hubbub.connect().join("lobby");
        TestClient lee = hubbub.connect().join("lobby").stopReading();
        for (int i = 0; i < 40; i++) {
            kim.ask("say", Map.of("room", "lobby", "text", "x"));
        }
        assertThat(lee.expectClose().code()).isEqualTo(1013);
        TestClient max = hubbub.connect().join("lobby").stopReading();
        kim.ask("say", Map.of("room", "lobby", "text", "late"));
        max.resumeReading().expect("said", Map.of("text", "late"));
    }

    @Test
    void attachmentsArriveWithTheirEvents() {
        TestClient kim = hubbub.connect().join("lobby");
        kim.emit("message", Map.of("room", "lobby"), new byte[] {1, 2, 3});
        assertThat(kim.expect("message").attachment().remaining()).isEqualTo(3);
    }
}
