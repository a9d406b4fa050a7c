package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemorySessionStoreTest extends SessionStoreContract {
    private final Scheduler scheduler = new Scheduler(Thread::new);
    private final MemorySessionStore store = new MemorySessionStore(scheduler);

    @AfterEach
    void stop() {
        scheduler.stop();
    }

    @Override
    SessionStore store() {
        return store;
    }

    @Test
    void theNumberOfSessionsIsLimited() {
        int stored = 0;
        for (int i = 0; i < MemorySessionStore.MAX + 100; i++) {
            Session session = new Session("id" + i, "s", null, null, Map.of(), Map.of(), Map.of());
            stored += store.put(session, Duration.ofMinutes(5)) ? 1 : 0;
        }
        assertThat(stored).isEqualTo(MemorySessionStore.MAX);
    }
}
