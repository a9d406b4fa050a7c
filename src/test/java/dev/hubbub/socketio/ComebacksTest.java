package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.protocol.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComebacksTest {
    private static final Identity KIM = new Identity("kim", Set.of(), null);

    private Hubbub hubbub;
    private Hubbub.NamespaceRuntime space;
    private Comebacks comebacks;

    @BeforeEach
    void start() {
        hubbub = Hubbub.start(Settings.read(Values.from()), Set.of(), ComebacksTest::newInstance, Thread::new, null);
        space = hubbub.space("/");
        comebacks = new Comebacks(hubbub);
    }

    static Object newInstance(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() {
        hubbub.stop();
    }

    /** Somebody who has gone, and what he gives when he comes back. */
    private Data gone(String user, String... rooms) {
        String pid = comebacks.newPid();
        Map<String, String> in = new LinkedHashMap<>();
        for (String room : rooms) {
            in.put(room, null);
        }
        Offsets offsets = new Offsets();
        offsets.add(beginning());
        comebacks.keep(pid, new Comebacks.Former(pid, "id", space, user, in, offsets, Map.of(), Map.of("a", 1)));
        return Data.parse("{\"pid\":\"" + pid + "\"}");
    }

    /** Where one is who has just come. */
    private Position beginning() {
        RecordingConnection socket = new RecordingConnection();
        Handshake handshake = new Handshake("", Map.of(), Map.of(), Identity.ANONYMOUS);
        hubbub.hub().connect(socket, handshake, hubbub.hub().newId(), Map.of());
        return Position.parse(socket.frames.get(0)).entrySet().stream()
                .map(room -> new Position(room.getKey(), room.getValue()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoIsTheSameComesBackOnce() {
        Data auth = gone("kim");
        assertThat(comebacks.take(space, KIM, auth).attributes()).containsEntry("a", 1);
        assertThat(comebacks.take(space, KIM, auth)).isNull();
    }

    @Test
    void theSecretAloneIsNotEnough() {
        assertThat(comebacks.take(space, new Identity("lee", Set.of(), null), gone("kim")))
                .isNull();
        assertThat(comebacks.take(space, Identity.ANONYMOUS, gone("kim"))).isNull();
        assertThat(comebacks.take(space, KIM, gone(null))).isNull();
        assertThat(comebacks.take(new Hubbub.NamespaceRuntime("/x", space.hub(), space.dispatcher()), KIM, gone("kim")))
                .isNull();
    }

    @Test
    void whoHasMissedWhatIsForgottenIsNew() {
        assertThat(comebacks.take(space, KIM, gone("kim", "a-room-that-is-no-more")))
                .isNull();
    }

    @Test
    void whatIsNoSecretIsNobodys() {
        for (String auth : new String[] {"{}", "{\"pid\":null}", "{\"pid\":7}", "{\"pid\":\"x\"}"}) {
            assertThat(comebacks.take(space, KIM, Data.parse(auth))).isNull();
        }
        assertThat(comebacks.withoutSecrets(Data.parse("{\"pid\":\"x\",\"token\":1,\"offset\":\"\"}")))
                .isEqualTo(Data.parse("{\"token\":1}"));
    }
}
