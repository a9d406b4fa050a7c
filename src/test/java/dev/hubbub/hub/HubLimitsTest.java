package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.RecordedLog;
import dev.hubbub.Room;
import dev.hubbub.RoomAccess;
import dev.hubbub.access.RoomRules;
import dev.hubbub.protocol.CloseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on what clients and applications can use, so that one client does not affect another. */
class HubLimitsTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private static LocalClient connect(LocalHub hub, RecordingConnection socket, Identity identity) {
        return TestHub.connect(hub, socket, new Handshake("127.0.0.1", Map.of(), Map.of(), identity));
    }

    private static Identity expiring(Instant end) {
        return new Identity("kim", Set.of(), end);
    }

    @Test
    void aTokenThatExpiresInThousandsOfYearsIsAccepted() {
        LocalHub hub = hubs.start(new TestHub());
        for (Instant end : List.of(
                Instant.parse("9999-12-31T23:59:59Z"), // toNanos overflows after 292 years
                Instant.ofEpochSecond(253_402_300_799L * 1_000), // "exp" in milliseconds by mistake
                Instant.MAX)) {
            RecordingConnection socket = new RecordingConnection();
            LocalClient client = connect(hub, socket, expiring(end));
            client.emit("x", 1);
            await().until(() -> socket.data("x").size() == 1);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void anExpiredTokenClosesItsClient() {
        LocalHub hub = hubs.start(new TestHub());
        RecordingConnection socket = new RecordingConnection();
        connect(hub, socket, expiring(Instant.now().plusMillis(500)));
        await().until(() -> socket.closeCode == CloseCode.TOKEN_EXPIRED);
        assertThat(socket.data("auth-expiring")).hasSize(1);
    }

    @Test
    void aPolicyThatThrowsLeavesNoRoomBehind() {
        RoomAccess broken = new RoomAccess() {
            @Override
            public boolean mayJoin(Client client, Map<String, String> parts) {
                return true;
            }

            @Override
            public boolean maySeeMembers(Client client, Map<String, String> parts) {
                throw new IllegalStateException("broken");
            }
        };
        LocalHub hub = hubs.start(new TestHub().rules(RoomRules.none(true).with("broken-*", broken)));
        TestClient testClient = new TestClient(hub);
        for (int i = 0; i < 100; i++) {
            String room = "broken-" + i;
            assertThatThrownBy(() -> hub.room(room).admit(testClient.client, Join.PLAIN))
                    .isInstanceOfSatisfying(
                            EventException.class, e -> assertThat(e.code()).isEqualTo("internal"));
            assertThatThrownBy(() -> hub.room(room).join(testClient.client)).isInstanceOf(EventException.class);
        }
        assertThat(hub.openRooms()).isEqualTo(1); // the room of all clients
    }

    @Test
    void aPolicySeesTheDataOfAJoin() {
        RoomAccess password = new RoomAccess() {
            @Override
            public boolean mayJoin(Client client, Map<String, String> parts) {
                return true;
            }

            @Override
            public boolean mayJoin(Client client, Map<String, String> parts, Join join) {
                return parts.get("id").equals(join.request().string("password"));
            }
        };
        LocalHub hub = hubs.start(new TestHub().rules(RoomRules.none(true).with("secret-{id}", password)));
        TestClient kim = new TestClient(hub);
        assertThatThrownBy(() -> hub.room("secret-7").admit(kim.client, Join.as("Kim")))
                .isInstanceOf(EventException.class);
        hub.room("secret-7").admit(kim.client, Join.of(Data.of(Map.of("password", "7"))));
        kim.awaitHello();
        hub.identify(kim.client, new Identity("kim", Set.of(), null)); // members may stay
        assertThat(kim.client.rooms()).containsExactly("secret-7");
    }

    @Test
    void aRoomNeverHasMoreMembersThanItsPolicyAllowsHoweverManyJoinAtTheSameTime() throws Exception {
        RoomAccess small = new RoomAccess() {
            @Override
            public boolean mayJoin(Client client, Map<String, String> parts) {
                return true;
            }

            @Override
            public int maxMembers(Map<String, String> parts) {
                return 3;
            }
        };
        LocalHub hub = hubs.start(new TestHub().rules(RoomRules.none(true).with("small-{n}", small)));
        List<TestClient> clients =
                Stream.generate(() -> new TestClient(hub)).limit(8).toList();
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        for (int n = 0; n < 200; n++) {
            Room room = hub.room("small-" + n);
            AtomicInteger rejected = new AtomicInteger();
            threads.invokeAll(clients.stream()
                    .map(each -> Executors.callable(() -> {
                        try {
                            room.admit(each.client, Join.PLAIN);
                        } catch (EventException full) {
                            assertThat(full.code()).isEqualTo("too-large");
                            rejected.incrementAndGet();
                        }
                    }))
                    .toList());
            assertThat(room.size()).isEqualTo(3);
            assertThat(rejected).hasValue(5);
            room.admit(room.clients().get(0), Join.as("a member may join again"));
            clients.forEach(each -> room.leave(each.client));
        }
        threads.shutdown();
    }

    @Test
    void theNumberOfExcludedClientsIsLimited() {
        LocalHub hub = hubs.start(new TestHub());
        Client[] many = new Client[Broker.MAX_EXCLUDED + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = new TestClient(hub).client;
        }
        assertThatThrownBy(() -> hub.room("a").except(many).emit("x", 1))
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("too-large"));
    }

    @Test
    void slowApplicationCodeDelaysNeitherCloseFramesNorTimers() {
        LocalHub hub = hubs.start(new TestHub());
        CountDownLatch proceed = new CountDownLatch(1);
        hub.onDisconnect((client, close) -> client.mailbox().addLast(() -> {
            try {
                proceed.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            for (int i = 0; i < 8; i++) {
                TestClient testClient = new TestClient(hub);
                testClient.client.close(CloseCode.POLICY, "");
                await().until(() -> testClient.socket.closeCode == CloseCode.POLICY);
            }
            CountDownLatch ticked = new CountDownLatch(1);
            hub.services().scheduler().schedule("test", Duration.ofMillis(1), ticked::countDown);
            await().until(() -> ticked.getCount() == 0);
            assertThat(hub.services().application().pending()).isEqualTo(8);
        } finally {
            proceed.countDown();
        }
    }

    @Test
    void aBlockingPolicyRunsOnTheApplicationExecutorAndTheClientsEventsWait() {
        List<Runnable> handedOver = Collections.synchronizedList(new ArrayList<>());
        RoomAccess blocking = (client, parts) -> !client.id().isEmpty();
        LocalHub hub = hubs.start(new TestHub()
                .rules(RoomRules.none(true).with("order-{id}", blocking))
                .application(handedOver::add));
        TestClient testClient = new TestClient(hub);
        handedOver.clear();
        var joining = hub.room("order-1").admit(testClient.client, Join.PLAIN);
        assertThat(joining.toCompletableFuture()).isNotDone();
        List<String> handled = new ArrayList<>();
        testClient.client.mailbox().add(() -> handled.add("next"), true);
        assertThat(handled).isEmpty();
        handedOver.remove(0).run();
        assertThat(joining.toCompletableFuture()).isCompleted();
        handedOver.remove(0).run();
        assertThat(handled).containsExactly("next");
        assertThat(hub.room("order-1").has(testClient.client)).isTrue();
    }

    @Test
    void authenticatingChecksAgainWhetherAClientMaySeeTheMembers() {
        LocalHub hub = hubs.start(new TestHub().rooms("staff members=admin", true));
        RecordingConnection socket = new RecordingConnection();
        LocalClient client = connect(hub, socket, Identity.ANONYMOUS);
        hub.room("staff").join(client, "Kim");
        await().until(() -> socket.data("hello").size() == 1);
        assertThat(socket.data("hello").get(0)).contains("\"members\":[]");
        hub.identify(client, new Identity("kim", Set.of("admin"), null));
        await().until(() -> socket.data("hello").size() == 2);
        assertThat(socket.data("hello").get(1)).contains("\"nick\":\"Kim\"");
        TestClient other = new TestClient(hub);
        hub.room("staff").join(other.client, "Lee");
        await().until(() -> socket.data("joined").size() == 1);
    }

    @Test
    void aSchedulerTaskThatThrowsIsLoggedAndTheOthersRun() {
        LocalHub hub = hubs.start(new TestHub());
        try (RecordedLog log = new RecordedLog(Level.SEVERE)) {
            hub.services().scheduler().schedule("failing task", Duration.ZERO, () -> {
                throw new IllegalStateException("expected");
            });
            CountDownLatch next = new CountDownLatch(1);
            hub.services().scheduler().schedule("test", Duration.ofMillis(1), next::countDown);
            await().until(() -> next.getCount() == 0);
            assertThat(log.messages).anyMatch(line -> line.contains("failing task"));
        }
    }

    @Test
    void theSessionOfALostClientCanBeResumedOnce() {
        LocalHub hub = hubs.start(new TestHub());
        RecordingConnection socket = new RecordingConnection();
        socket.secret = "s3cret";
        Handshake handshake = new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of("")), Identity.ANONYMOUS);
        LocalClient client = TestHub.connect(hub, socket, handshake);
        hub.disconnected(client, new Close(CloseCode.ABNORMAL, ""));
        assertThat(hub.recovery().take(client.id() + ".s3cret", null)).isNotNull();
        assertThat(hub.recovery().take(client.id() + ".s3cret", null)).isNull();
    }
}
