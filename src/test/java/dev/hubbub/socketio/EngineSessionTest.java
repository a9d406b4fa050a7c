package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.servlet.Instances;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineSessionTest {
    private Hubbub hubbub;
    private final RecordingConnection socket = new RecordingConnection();
    private EngineSession session;

    @BeforeEach
    void start() {
        hubbub = Hubbub.start(Settings.read(Values.from()), Set.of(), Instances::construct, Thread::new, null);
        session = EngineSessions.of(hubbub).open(new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
        session.open(socket);
    }

    @AfterEach
    void stop() {
        hubbub.stop();
    }

    @Test
    void aConnectPacketCreatesAClient() throws Exception {
        session.receive("40");
        assertThat(hubbub.hub().size()).isEqualTo(1);
        assertThat(socket.frames.get(1)).startsWith("40{\"sid\"");
    }

    @Test
    void aConnectPacketAfterCloseLeavesNoClientBehind() throws Exception {
        session.close(CloseCode.ABNORMAL, "");
        session.receive("40");
        await().until(() -> hubbub.hub().size() == 0); // the closing thread may come first
    }

    @Test
    void aClientThatNeverReadsItsResponsesIsClosed() throws Exception {
        EngineSession polling =
                EngineSessions.of(hubbub).open(new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
        int packets = 0;
        while (!polling.isClosed() && packets < 100_000) {
            polling.receive("40/x,"); // answered with CONNECT_ERROR
            packets++;
            if (packets % 256 == 0) {
                await().until(() -> polling.transport().waiting() <= 256 || polling.isClosed());
            }
        }
        await().until(polling::isClosed);
        assertThat(polling.transport().waiting()).isZero();
    }

    @Test
    void aClientThatConnectsAndDisconnectsInALoopLeavesNoTimers() throws Exception {
        int before = hubbub.hub().services().scheduler().size();
        for (int i = 0; i < 1_000; i++) {
            session.receive("40");
            session.receive("41");
        }
        assertThat(hubbub.hub().services().scheduler().size()).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void aSessionCountsAsAConnectionBeforeItsClientConnectsAndAfterItDisconnects() throws Exception {
        ConnectionLimiter limiter = hubbub.hub().connections();
        assertThat(limiter.connections()).isEqualTo(1);
        session.receive("40");
        assertThat(limiter.connections()).isEqualTo(1);
        session.receive("41");
        await().until(() -> limiter.connections() == 1);
        session.receive("40");
        session.close(CloseCode.NORMAL, "");
        session.close(CloseCode.NORMAL, "");
        await().until(() -> limiter.connections() == 0);
    }

    @Test
    void anAddressCanHaveOnlySomeSessionsWithoutAClient() throws Exception {
        Handshake faraway = new Handshake("192.0.2.1", Map.of(), Map.of(), Identity.ANONYMOUS);
        Handshake other = new Handshake("192.0.2.2", Map.of(), Map.of(), Identity.ANONYMOUS);
        EngineSessions engine = EngineSessions.of(hubbub);
        List<EngineSession> opened = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            opened.add(engine.open(faraway));
        }
        assertThat(opened).doesNotContainNull();
        assertThat(engine.open(faraway)).isNull();
        assertThat(engine.open(other)).isNotNull();
        opened.get(0).receive("40");
        opened.get(1).close(CloseCode.NORMAL, "");
        assertThat(engine.open(faraway)).isNotNull();
        assertThat(engine.open(faraway)).isNotNull();
        assertThat(engine.open(faraway)).isNull();
        opened.get(0).close(CloseCode.NORMAL, ""); // which stopping would wait for, as it does not poll
    }

    @Test
    void everyPacketCountsAgainstTheRateLimitThatClosesTheConnection() throws Exception {
        Handshake faraway =
                new Handshake("192.0.2.1", Map.of(), Map.of(), Identity.ANONYMOUS); // an address with limits
        EngineSession other = EngineSessions.of(hubbub).open(faraway);
        RecordingConnection otherSocket = new RecordingConnection();
        other.open(otherSocket);
        other.receive("40");
        for (int i = 0; i < 1_500 && !other.isClosed(); i++) {
            other.receive("431[]"); // ACK
        }
        await().until(() -> otherSocket.closeCode == CloseCode.POLICY);
        assertThat(hubbub.hub().counters().rateLimited().sum()).isPositive();
    }
}
