package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.protocol.CloseCode;
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
        hubbub = Hubbub.start(Settings.read(Values.from()), Set.of(), ComebacksTest::newInstance, Thread::new, null);
        session = EngineSessions.of(hubbub).open(new Handshake("", Map.of(), Map.of(), Identity.ANONYMOUS));
        session.begin(socket);
    }

    @AfterEach
    void stop() {
        hubbub.stop();
    }

    @Test
    void whoConnectsIsAClient() throws Exception {
        session.receive("40");
        assertThat(hubbub.hub().size()).isEqualTo(1);
        assertThat(socket.frames.get(1)).startsWith("40{\"sid\"");
    }

    @Test
    void whoConnectsWhileTheSessionEndsLeavesNobodyBehind() throws Exception {
        session.close(CloseCode.ABNORMAL, "");
        session.receive("40");
        await().until(() -> hubbub.hub().size() == 0); // the thread that closes may have come first
    }
}
