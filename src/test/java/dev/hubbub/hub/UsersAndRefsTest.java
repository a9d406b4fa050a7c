package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.ClientRef;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The audience of a user, and clients by their ids. */
class UsersAndRefsTest {
    private static final Identity KIM = new Identity("kim", Set.of(), null);

    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());

    private LocalClient connect(RecordingConnection socket, Identity identity) {
        return TestHub.connect(hub, socket, new Handshake("127.0.0.1", Map.of(), Map.of(), identity));
    }

    @Test
    void anEventToAUserReachesAllClientsOfThatUserAndNoOthers() {
        RecordingConnection desk = new RecordingConnection();
        RecordingConnection phone = new RecordingConnection();
        RecordingConnection other = new RecordingConnection();
        RecordingConnection anonymous = new RecordingConnection();
        LocalClient first = connect(desk, KIM);
        connect(phone, KIM);
        connect(other, new Identity("lee", Set.of(), null));
        connect(anonymous, Identity.ANONYMOUS);
        hub.user("kim").emit("shipped", 7);
        hub.user("kim").except(first).emit("elsewhere");
        await().untilAsserted(() -> assertThat(desk.data("shipped")).containsExactly("7"));
        await().untilAsserted(() -> assertThat(phone.frames).contains("{\"name\":\"elsewhere\"}"));
        assertThat(phone.data("shipped")).containsExactly("7");
        assertThat(desk.frames).doesNotContain("{\"name\":\"elsewhere\"}");
        assertThat(other.data("shipped")).isEmpty();
        assertThat(anonymous.data("shipped")).isEmpty();
    }

    @Test
    void aClientThatAuthenticatesLaterBelongsToItsUserFromThenOn() {
        RecordingConnection socket = new RecordingConnection();
        LocalClient client = connect(socket, Identity.ANONYMOUS);
        hub.user("kim").emit("early", 1);
        hub.identify(client, KIM);
        hub.identify(client, KIM);
        hub.user("kim").emit("late", 2);
        assertThat(socket.data("early")).isEmpty();
        assertThat(socket.data("late")).containsExactly("2");
        assertThat(socket.data("hello")).isEmpty();
        assertThat(client.rooms()).isEmpty();
        assertThat(hub.roomNames()).isEmpty();
    }

    @Test
    void nothingRemainsOfAUserWhoseClientsHaveDisconnected() {
        LocalClient client = connect(new RecordingConnection(), KIM);
        assertThat(hub.openRooms()).isEqualTo(2);
        hub.left(client, new dev.hubbub.Close(1000, ""));
        assertThat(hub.openRooms()).isZero();
        hub.user("kim").emit("to nobody");
    }

    @Test
    void aRefDoesWhatTheClientDoes() {
        RecordingConnection socket = new RecordingConnection();
        LocalClient client = connect(socket, KIM);
        ClientRef ref = hub.remote(client.id());
        assertThat(ref.id()).isEqualTo(client.id());
        assertThat(ref.emit("hi", 1).toCompletableFuture()).isCompleted();
        assertThat(ref.join("a", "Kim").toCompletableFuture()).isCompleted();
        assertThat(client.rooms()).containsExactly("a");
        assertThat(ref.leave("a").toCompletableFuture()).isCompletedWithValue(true);
        assertThat(ref.leave("a").toCompletableFuture()).isCompletedWithValue(false);
        CompletionStage<Data> answer = ref.ask("sure?", null, Duration.ofSeconds(5));
        client.answered(new Event("ack", Data.of("yes"), "1", List.of()));
        assertThat(answer.toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(Data.of("yes"));
        assertThat(socket.data("hi")).containsExactly("1");
        assertThat(ref.close(3000, "bye").toCompletableFuture()).isCompleted();
        await().until(() -> socket.closeCode == 3000);
    }

    @Test
    void theStagesOfARefFailIfTheClientIsNotConnected() {
        ClientRef ref = hub.remote("nobody");
        for (CompletionStage<?> stage : List.of(
                ref.emit("hi", 1),
                ref.ask("sure?", null, Duration.ofSeconds(5)),
                ref.join("a", "Kim"),
                ref.leave("a"),
                ref.close(1000, ""))) {
            assertThat(stage.toCompletableFuture())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(EventException.class)
                    .withMessageContaining("not connected");
        }
    }

    @Test
    void aRefReachesOtherNodesIfTheClientIsNotHere() {
        RecordingConnection socket = new RecordingConnection();
        LocalHub other = hubs.start(new TestHub());
        String id = TestHub.connect(other, socket, new Handshake("127.0.0.1", Map.of(), Map.of(), KIM))
                .id();
        hub.joinNodes(other::remote, Leases.ALONE);
        hub.remote(id).emit("hi", 1);
        assertThat(socket.data("hi")).containsExactly("1");
    }

    @Test
    void anUnknownNamespaceIsNamedInTheException() {
        assertThat(hub.namespace("/")).isSameAs(hub);
        assertThat(hub.sibling("/admin").namespace("/")).isSameAs(hub);
        assertThat(hub.namespace("/admin").size()).isZero();
        assertThatThrownBy(() -> hub.namespace("/shop"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("/shop", "/admin");
    }
}
