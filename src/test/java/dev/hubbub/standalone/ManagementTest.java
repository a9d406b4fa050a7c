package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.hubbub.EventHandlers;
import dev.hubbub.Namespace;
import dev.hubbub.OnEvent;
import dev.hubbub.app.Hubbub;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.TestClient;
import dev.hubbub.management.HubbubMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The MBean, as an operator uses it. */
class ManagementTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private static CountDownLatch started;
    private static CountDownLatch released;

    private Standalone server;
    private HubbubMXBean hubbub;

    @EventHandlers
    public static class Slow {
        @OnEvent("slow")
        String slow() throws InterruptedException {
            started.countDown();
            released.await(20, TimeUnit.SECONDS);
            return "done";
        }
    }

    @EventHandlers
    @Namespace("/shop")
    public static class Shop {
        @OnEvent("order")
        void order() {}
    }

    @BeforeEach
    void start() throws Exception {
        started = new CountDownLatch(1);
        released = new CountDownLatch(1);
        server = Standalone.start("127.0.0.1", 0, null, Set.of(Slow.class, Shop.class));
        hubbub = JMX.newMXBeanProxy(SERVER, name(), HubbubMXBean.class);
    }

    private static ObjectName name() throws Exception {
        return new ObjectName("dev.hubbub:type=Hubbub,context=\"/\"");
    }

    @AfterEach
    void stop() throws Exception {
        released.countDown();
        server.close();
        assertThat(SERVER.isRegistered(name())).isFalse();
    }

    private EventClient connect() {
        return EventClient.connect(server.eventsUrl());
    }

    @Test
    void attributesReportStateAndCounters() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("a").join("b");
            lee.join("a");
            lee.send("{\"name\":\"nothing\"}").error("unknown-event");
            assertThat(hubbub.getStatus()).isEqualTo("up");
            assertThat(hubbub.getUptime()).isPositive();
            assertThat(hubbub.getClients()).isEqualTo(2);
            assertThat(hubbub.getRooms()).isEqualTo(2);
            assertThat(hubbub.getRefusedEvents()).isEqualTo(1);
            await().until(() -> hubbub.getWaitingEvents() == 0); // the event "joined" may still wait
            assertThat(hubbub.getHandledEvents()).contains(entry("join", 3L), entry("slow", 0L));
            assertThat(hubbub.getSettings()).containsEntry("hubbub.max-payload", "65536  (default)");
            assertThat(hubbub.largestRooms(1)).containsExactly(entry("a", 2));
            assertThat(hubbub.slowestClients(10))
                    .containsOnlyKeys(kim.id() + " (127.0.0.1)", lee.id() + " (127.0.0.1)");
            assertThat(hubbub.getRefusedConnections()).containsKeys("server", "address", "user", "handshakes");
        }
    }

    @Test
    void operationsCloseClientsClearRoomsAndSendNotices() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("a");
            lee.join("a");
            hubbub.sendNotice("Maintenance at ten");
            assertThat(kim.next("notice").data().json()).isEqualTo("{\"text\":\"Maintenance at ten\"}");
            assertThat(hubbub.clearRoom("a")).isEqualTo(2);
            assertThat(kim.next(event -> event.name().equals("left")
                                    && event.data().string("id").equals(kim.id()))
                            .data()
                            .string("room"))
                    .isEqualTo("a");
            assertThat(hubbub.closeClient(lee.id(), "Please go")).isTrue();
            lee.awaitClose(1008);
            assertThat(lee.closeReason).isEqualTo("Please go");
            assertThat(hubbub.closeClient("nobody", "")).isFalse();
        }
    }

    /** A room is cleared by the name under which it is listed, whatever its namespace is. */
    @Test
    void aRoomOfAnotherNamespaceIsCleared() {
        LocalHub shop = Hubbub.current().namespace("/shop").hub();
        TestClient kim = new TestClient(shop);
        shop.room("orders").join(kim.client);
        assertThat(hubbub.largestRooms(10)).containsOnly(entry("/shop orders", 1));
        assertThat(hubbub.clearRoom("/shop orders")).isEqualTo(1);
        assertThat(hubbub.largestRooms(10)).isEmpty();
        kim.disconnect();
    }

    @Test
    void consolesShowDescriptionsAndTheNamesOfParameters() throws Exception {
        MBeanInfo info = SERVER.getMBeanInfo(name());
        assertThat(info.getAttributes())
                .allSatisfy(attribute -> assertThat(attribute.getDescription()).matches("[A-Za-z].*\\."));
        MBeanOperationInfo ban = Arrays.stream(info.getOperations())
                .filter(operation -> operation.getName().equals("banUser"))
                .findFirst()
                .orElseThrow();
        assertThat(ban.getDescription()).startsWith("Rejects connections of an authenticated user");
        assertThat(Arrays.stream(ban.getSignature()).map(MBeanParameterInfo::getName))
                .containsExactly("user", "minutes", "reason");
    }

    @Test
    void aBannedAddressIsRejectedUntilTheBanEnds() throws Exception {
        try (EventClient kim = connect()) {
            assertThat(hubbub.banAddress("127.0.0.1", 10, "Spam")).isEqualTo(1);
            kim.awaitClose(1008);
        }
        assertThat(hubbub.getBans()).containsOnlyKeys("127.0.0.1");
        assertThat(HandshakeProbe.webSocket(server.url(), "events").status()).isEqualTo(403);
        assertThat(hubbub.unban("127.0.0.1")).isTrue();
        connect().close();
        assertThatThrownBy(() -> hubbub.banUser("kim", 20_000, "")).hasMessageContaining("10080 minutes");
    }

    @Test
    void aLimitIsChangedUntilTheNextStart() {
        assertThat(hubbub.changeSetting("hubbub.max-members", "7")).isEqualTo("7  (operator)");
        assertThat(hubbub.getSettings()).containsEntry("hubbub.max-members", "7  (operator)");
        assertThat(hubbub.changeSetting("hubbub.max-members", null)).endsWith("  (default)");
        assertThatThrownBy(() -> hubbub.changeSetting("hubbub.heartbeat", "1000"))
                .hasMessageContaining("restart");
    }

    @Test
    void aClientWhoseEventIsBeingHandledIsDisconnectedLast() throws Exception {
        List<EventClient> idle = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            idle.add(connect());
        }
        try (EventClient busy = connect()) {
            busy.send("{\"name\":\"slow\",\"id\":1}");
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            hubbub.drain();
            for (EventClient client : idle) {
                int after =
                        Integer.parseInt(client.next("restart").data().json().replaceAll("\\D", ""));
                assertThat(after).isBetween(0, 1_100);
                client.awaitClose(1012);
            }
            assertThat(HandshakeProbe.request(server.url(), "GET", "health", "").status())
                    .isEqualTo(503);
            assertThat(HandshakeProbe.request(server.url(), "GET", "health/live", "")
                            .status())
                    .isEqualTo(200);
            HandshakeProbe late = HandshakeProbe.webSocket(server.url(), "events");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.header("Retry-After")).isEqualTo("10");
            assertThat(busy.closeCode).isZero();
            released.countDown();
            assertThat(busy.next("ack").data().json()).isEqualTo("\"done\"");
            busy.awaitClose(1012);
        }
        await().until(() -> hubbub.getClients() == 0);
        assertThat(hubbub.getStatus()).isEqualTo("draining");
        hubbub.reopen();
        connect().close();
    }
}
