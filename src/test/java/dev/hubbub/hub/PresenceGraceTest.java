package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.protocol.CloseCode;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are lost and come back before anybody is told. */
class PresenceGraceTest {
    private static final Close LOST = new Close(CloseCode.ABNORMAL, "");

    private final List<LocalHub> hubs = new ArrayList<>();
    private LocalHub hub;
    private Visitor witness;

    /** Longer than any test. */
    @BeforeEach
    void start() {
        start(Duration.ofMinutes(5));
    }

    private void start(Duration grace) {
        hub = new TestHub().grace(grace).start();
        hubs.add(hub);
        witness = new Visitor(hub);
        witness.client.room("a").join(witness.client, "Wit");
    }

    @AfterEach
    void stop() {
        hubs.forEach(started -> started.stop(Duration.ZERO));
    }

    private static Handshake handshake(String was, String user) {
        Principal principal = user == null ? null : () -> user;
        Identity identity = user == null ? Identity.ANONYMOUS : new Identity(principal, Set.of(), null);
        return new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of(was)), identity);
    }

    /** Joins the room with a connection that has a secret. */
    private LocalClient enter(RecordingConnection socket, String secret, String was, String user) {
        socket.secret = secret;
        Handshake handshake = handshake(was == null ? "" : was, user);
        LocalClient client = hub.connect(socket, handshake, hub.idFor(handshake), null);
        hub.room("a").join(client, "Kim");
        return client;
    }

    private LocalClient kim() {
        LocalClient kim = enter(new RecordingConnection(), "s3cret", null, null);
        await().until(() -> witness.socket.data("joined").size() == 1);
        return kim;
    }

    /** What the room says now comes after all that it has been told before. */
    private void expectNothingTold() {
        hub.room("a").emit("now", 1);
        await().until(() -> !witness.socket.data("now").isEmpty());
        assertThat(witness.socket.data("left")).isEmpty();
        assertThat(witness.socket.data("joined")).hasSize(1);
    }

    @Test
    void whoComesBackInTimeIsTheSameAndNobodyNotices() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        RecordingConnection socket = new RecordingConnection();
        LocalClient back = enter(socket, "other", kim.id() + ".s3cret", null);
        assertThat(back.id()).isEqualTo(kim.id());
        expectNothingTold();
        assertThat(hub.room("a").members()).hasSize(2);
        await().until(() -> !socket.data("hello").isEmpty());
        assertThat(socket.data("hello").get(0))
                .containsOnlyOnce("\"nick\":\"Kim\"")
                .contains("\"nick\":\"Wit\"");
    }

    @Test
    void whoIsAwayIsStillSeenByWhoComes() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        Visitor late = new Visitor(hub);
        hub.room("a").join(late.client, "Late");
        await().until(() -> !late.socket.data("hello").isEmpty());
        assertThat(late.socket.data("hello").get(0)).contains("{\"id\":\"" + kim.id() + "\",\"nick\":\"Kim\"}");
        assertThat(hub.room("a").members()).extracting("nick").containsExactly("Wit", "Late");
    }

    @Test
    void whoDoesNotComeBackHasLeft() {
        start(Duration.ofMillis(50));
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        await().until(() -> witness.socket.data("left").size() == 1);
        LocalClient late = enter(new RecordingConnection(), "other", kim.id() + ".s3cret", null);
        assertThat(late.id()).isNotEqualTo(kim.id());
    }

    @Test
    void aRoomThatIsNotJoinedAgainIsLeft() {
        start(Duration.ofMillis(200));
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        Handshake handshake = handshake(kim.id() + ".s3cret", null);
        LocalClient back = hub.connect(new RecordingConnection(), handshake, hub.idFor(handshake), null);
        assertThat(back.id()).isEqualTo(kim.id());
        await().until(() -> witness.socket.data("left").size() == 1);
    }

    @Test
    void aNewNickIsToldOfWhenItComesBack() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        Handshake handshake = handshake(kim.id() + ".s3cret", null);
        LocalClient back = hub.connect(new RecordingConnection(), handshake, hub.idFor(handshake), null);
        hub.room("a").join(back, "Kimberley");
        await().until(() -> witness.socket.data("joined").size() == 2);
        assertThat(witness.socket.data("joined").get(1)).contains(kim.id()).contains("Kimberley");
        assertThat(witness.socket.data("left")).isEmpty();
    }

    @Test
    void whoComesBackBeforeItsLossIsKnownEndsItsOtherConnection() {
        RecordingConnection socket = new RecordingConnection();
        LocalClient kim = enter(socket, "s3cret", null, null);
        await().until(() -> witness.socket.data("joined").size() == 1);
        LocalClient back = enter(new RecordingConnection(), "other", kim.id() + ".s3cret", null);
        assertThat(back.id()).isEqualTo(kim.id());
        assertThat(kim.isConnected()).isFalse();
        await().until(() -> socket.closeCode == CloseCode.GOING_AWAY);
        assertThat(hub.client(kim.id())).contains(back);
        expectNothingTold();
    }

    @Test
    void whoComesBackWhileItsLossIsBeingToldIsTheSame() throws Exception {
        LocalClient kim = kim();
        RoomState room = hub.roster("a");
        Thread loss = new Thread(() -> hub.disconnected(kim, LOST));
        FutureTask<String> comesBack = new FutureTask<>(() -> hub.idFor(handshake(kim.id() + ".s3cret", null)));
        Thread coming = new Thread(comesBack);
        room.lock(); // the loss gets no further than here
        try {
            loss.start();
            await().until(() -> !kim.isConnected() && loss.getState() == Thread.State.WAITING);
            coming.start();
            await().until(() -> coming.getState() == Thread.State.WAITING || comesBack.isDone());
        } finally {
            room.unlock();
        }
        assertThat(comesBack.get()).isEqualTo(kim.id());
        assertThat(room.has(kim)).isFalse();
    }

    @Test
    void anIdAloneShowsNothing() {
        LocalClient kim = kim();
        for (String was : List.of(kim.id(), kim.id() + ".", kim.id() + ".guess", ".", ".s3cret", "x.s3cret")) {
            assertThat(hub.idFor(handshake(was, null))).as(was).isNotEqualTo(kim.id());
        }
        assertThat(kim.isConnected()).isTrue();
        hub.disconnected(kim, LOST);
        assertThat(hub.idFor(handshake(kim.id() + ".guess", null))).isNotEqualTo(kim.id());
        assertThat(hub.idFor(handshake(kim.id() + ".s3cret", "mallory"))).isNotEqualTo(kim.id());
        assertThat(hub.idFor(handshake(kim.id() + ".s3cret", null))).isEqualTo(kim.id());
        assertThat(hub.idFor(handshake(kim.id() + ".s3cret", null))).isNotEqualTo(kim.id()); // it has come back already
    }

    @Test
    void whoLeavesIsToldOfAtOnce() {
        LocalClient kim = kim();
        hub.left(kim, new Close(CloseCode.GOING_AWAY, "the page was closed"));
        await().until(() -> witness.socket.data("left").size() == 1);
        LocalClient lee = enter(new RecordingConnection(), "s3cret", null, null);
        hub.room("a").leave(lee);
        await().until(() -> witness.socket.data("left").size() == 2);
        LocalClient mal = enter(new RecordingConnection(), "s3cret", null, null);
        mal.close(CloseCode.POLICY, "out");
        await().until(() -> witness.socket.data("left").size() == 3);
    }

    @Test
    void whoCannotShowThatItIsTheSameIsToldOfAtOnce() {
        LocalClient plain = enter(new RecordingConnection(), null, null, null);
        hub.disconnected(plain, LOST);
        await().until(() -> witness.socket.data("left").size() == 1);
    }

    @Test
    void withoutGraceEverythingIsToldOfAtOnce() {
        start(Duration.ZERO);
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        await().until(() -> witness.socket.data("left").size() == 1);
    }
}
