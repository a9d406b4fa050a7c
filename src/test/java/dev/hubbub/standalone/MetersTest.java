package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.docs.recipes.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The recipe that binds metrics to the application's own registry. */
class MetersTest {
    @Test
    void theRegistryShowsTheClients() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        Metrics.addRegistry(registry);
        try (Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of(Meters.class))) {
            EventClient kim = EventClient.connect(server.eventsUrl());
            assertThat(registry.get("hubbub.clients").gauge().value()).isEqualTo(1);
            assertThat(registry.get("hubbub.too.slow").functionCounter().count())
                    .isZero();
            kim.close();
            await().until(() -> registry.get("hubbub.clients").gauge().value() == 0);
        } finally {
            Metrics.removeRegistry(registry);
        }
    }
}
