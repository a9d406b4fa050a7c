package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.protocol.CloseCode;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that lose their connection and reconnect before the members of their rooms are notified. */
class PresenceGraceTest {
    private static final Close LOST = new Close(CloseCode.ABNORMAL, "");

    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private LocalHub hub;
    private TestClient observer;

    /** The grace period is longer than any test. */
    @BeforeEach
    void start() {
        start(Duration.ofMinutes(5));
    }

    private void start(Duration grace) {
        hub = hubs.start(new TestHub().grace(grace));
        observer = new TestClient(hub);
        observer.client.room("a").join(observer.client, "Observer");
    }

    private static Handshake handshake(String was, String user) {
        Principal principal = user == null ? null : () -> user;
        Identity identity = user == null ? Identity.ANONYMOUS : new Identity(principal, Set.of(), null);
        return new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of(was)), identity);
    }

    /** Connects with a secret and joins the room. */
    private LocalClient connect(RecordingConnection socket, String secret, String was, String user) {
        socket.secret = secret;
        Handshake handshake = handshake(was == null ? "" : was, user);
        LocalClient client =
                TestHub.connect(hub, socket, handshake, hub.recovery().idFor(handshake), null);
        hub.room("a").join(client, "Kim");
        return client;
    }

    private LocalClient kim() {
        LocalClient kim = connect(new RecordingConnection(), "s3cret", null, null);
        await().until(() -> observer.socket.data("joined").size() == 1);
        return kim;
    }

    /** An event that is emitted now arrives after every earlier notification. */
    private void expectNoNotification() {
        hub.room("a").emit("now", 1);
        await().until(() -> !observer.socket.data("now").isEmpty());
        assertThat(observer.socket.data("left")).isEmpty();
        assertThat(observer.socket.data("joined")).hasSize(1);
    }

    @Test
    void aClientThatReconnectsInTimeKeepsItsIdAndNoMemberIsNotified() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        RecordingConnection socket = new RecordingConnection();
        LocalClient again = connect(socket, "other", kim.id() + ".s3cret", null);
        assertThat(again.id()).isEqualTo(kim.id());
        expectNoNotification();
        assertThat(hub.room("a").members()).hasSize(2);
        await().until(() -> !socket.data("hello").isEmpty());
        assertThat(socket.data("hello").get(0))
                .containsOnlyOnce("\"nick\":\"Kim\"")
                .contains("\"nick\":\"Observer\"");
    }

    @Test
    void aLostClientIsStillListedForNewMembers() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        TestClient late = new TestClient(hub);
        hub.room("a").join(late.client, "Late");
        await().until(() -> !late.socket.data("hello").isEmpty());
        assertThat(late.socket.data("hello").get(0)).contains("{\"id\":\"" + kim.id() + "\",\"nick\":\"Kim\"}");
        assertThat(hub.room("a").members()).extracting("nick").containsExactly("Observer", "Late");
    }

    @Test
    void aClientThatDoesNotReconnectInTimeHasLeft() {
        start(Duration.ofMillis(50));
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        await().until(() -> observer.socket.data("left").size() == 1);
        LocalClient late = connect(new RecordingConnection(), "other", kim.id() + ".s3cret", null);
        assertThat(late.id()).isNotEqualTo(kim.id());
    }

    @Test
    void aRoomThatIsNotRejoinedIsLeft() {
        start(Duration.ofMillis(200));
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        Handshake handshake = handshake(kim.id() + ".s3cret", null);
        LocalClient again = TestHub.connect(
                hub, new RecordingConnection(), handshake, hub.recovery().idFor(handshake), null);
        assertThat(again.id()).isEqualTo(kim.id());
        await().until(() -> observer.socket.data("left").size() == 1);
    }

    @Test
    void aNewNickIsReportedWhenTheClientReconnects() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        Handshake handshake = handshake(kim.id() + ".s3cret", null);
        LocalClient again = TestHub.connect(
                hub, new RecordingConnection(), handshake, hub.recovery().idFor(handshake), null);
        hub.room("a").join(again, "Kimberley");
        await().until(() -> observer.socket.data("joined").size() == 2);
        assertThat(observer.socket.data("joined").get(1)).contains(kim.id()).contains("Kimberley");
        assertThat(observer.socket.data("left")).isEmpty();
    }

    @Test
    void reconnectingClosesTheConnectionThatWasNotYetLost() {
        RecordingConnection socket = new RecordingConnection();
        LocalClient kim = connect(socket, "s3cret", null, null);
        await().until(() -> observer.socket.data("joined").size() == 1);
        LocalClient again = connect(new RecordingConnection(), "other", kim.id() + ".s3cret", null);
        assertThat(again.id()).isEqualTo(kim.id());
        assertThat(kim.isConnected()).isFalse();
        await().until(() -> socket.closeCode == CloseCode.GOING_AWAY);
        assertThat(hub.client(kim.id())).contains(again);
        expectNoNotification();
    }

    @Test
    void aClientThatReconnectsWhileItsDisconnectIsProcessedKeepsItsId() throws Exception {
        CountDownLatch leaving = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        RecordingConnection socket = new RecordingConnection() {
            @Override
            public void leftRoom(String epoch) {
                leaving.countDown();
                try {
                    assertThat(proceed.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        LocalClient kim = connect(socket, "s3cret", null, null);
        Thread disconnecting = new Thread(() -> hub.disconnected(kim, LOST));
        FutureTask<String> reconnect =
                new FutureTask<>(() -> hub.recovery().idFor(handshake(kim.id() + ".s3cret", null)));
        Thread reconnecting = new Thread(reconnect);
        disconnecting.start();
        assertThat(leaving.await(20, TimeUnit.SECONDS)).isTrue(); // the disconnect is held here
        reconnecting.start();
        await().until(() -> reconnecting.getState() == Thread.State.WAITING || reconnect.isDone());
        proceed.countDown();
        assertThat(reconnect.get()).isEqualTo(kim.id());
        assertThat(hub.room("a").has(kim)).isFalse();
    }

    /** The event {@code connected} of the second connection is lost, so the client knows only the first secret. */
    @Test
    void theFormerSecretIsGoodUntilTheClientHasSentSomething() {
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        LocalClient second = connect(new RecordingConnection(), "second", kim.id() + ".s3cret", null);
        LocalClient third = connect(new RecordingConnection(), "third", kim.id() + ".s3cret", null);
        assertThat(third.id()).isEqualTo(kim.id());
        assertThat(second.isConnected()).isFalse();
        hub.disconnected(third, LOST);
        LocalClient fourth = connect(new RecordingConnection(), "fourth", kim.id() + ".s3cret", null);
        assertThat(fourth.id()).isEqualTo(kim.id());
        fourth.chargeEvent();
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".s3cret", null))).isNotEqualTo(kim.id());
        hub.disconnected(fourth, LOST);
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".s3cret", null))).isNotEqualTo(kim.id());
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".fourth", null))).isEqualTo(kim.id());
        expectNoNotification();
    }

    @Test
    void aConnectionThatItsClientGivesUpIsLost() {
        LocalClient kim = kim();
        hub.disconnected(kim, new Close(CloseCode.LOST, ""));
        connect(new RecordingConnection(), "other", kim.id() + ".s3cret", null);
        expectNoNotification();
    }

    @Test
    void anIdWithoutItsSecretResumesNothing() {
        LocalClient kim = kim();
        for (String was : List.of(kim.id(), kim.id() + ".", kim.id() + ".guess", ".", ".s3cret", "x.s3cret")) {
            assertThat(hub.recovery().idFor(handshake(was, null))).as(was).isNotEqualTo(kim.id());
        }
        assertThat(kim.isConnected()).isTrue();
        hub.disconnected(kim, LOST);
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".guess", null))).isNotEqualTo(kim.id());
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".s3cret", "mallory")))
                .isNotEqualTo(kim.id());
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".s3cret", null))).isEqualTo(kim.id());
        assertThat(hub.recovery().idFor(handshake(kim.id() + ".s3cret", null)))
                .isNotEqualTo(kim.id()); // the session was resumed already
    }

    @Test
    void aDeliberateLeaveIsReportedImmediately() {
        LocalClient kim = kim();
        hub.left(kim, new Close(CloseCode.GOING_AWAY, "the page was closed"));
        await().until(() -> observer.socket.data("left").size() == 1);
        LocalClient lee = connect(new RecordingConnection(), "s3cret", null, null);
        hub.room("a").leave(lee);
        await().until(() -> observer.socket.data("left").size() == 2);
        LocalClient mal = connect(new RecordingConnection(), "s3cret", null, null);
        mal.close(CloseCode.POLICY, "out");
        await().until(() -> observer.socket.data("left").size() == 3);
    }

    @Test
    void aClientWithoutASecretIsReportedAsLeftImmediately() {
        LocalClient plain = connect(new RecordingConnection(), null, null, null);
        hub.disconnected(plain, LOST);
        await().until(() -> observer.socket.data("left").size() == 1);
    }

    @Test
    void withoutAGracePeriodADisconnectIsReportedImmediately() {
        start(Duration.ZERO);
        LocalClient kim = kim();
        hub.disconnected(kim, LOST);
        await().until(() -> observer.socket.data("left").size() == 1);
    }
}
