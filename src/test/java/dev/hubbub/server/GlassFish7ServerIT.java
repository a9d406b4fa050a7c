package dev.hubbub.server;

import static org.awaitility.Awaitility.await;

import dev.hubbub.client.HandshakeProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** GlassFish 7. */
@EnabledIfSystemProperty(named = "skip.server.glassfish", matches = "false")
class GlassFish7ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new GlassFishProcess(ServerProcess.SERVERS.resolve("glassfish7"), "glassfish", base);
    }

    /** GlassFish loses the status of a response without a body if the request is asynchronous. */
    @Override
    protected int noContentStatus() {
        return 200;
    }

    @Override
    protected boolean answersRequestsThatOfferHttp2() {
        return false;
    }

    /** Threads of the managed thread factory end at once while an application is disabled, and while it is being enabled. */
    @Test
    void theTimerRunsAfterTheApplicationWasDisabledAndEnabled() throws Exception {
        ((GlassFishProcess) process()).restart(NAME);
        await().atMost(Duration.ofSeconds(60)).until(() -> live().contains("\"UP\""));
        await().atMost(Duration.ofSeconds(20)).during(Duration.ofSeconds(5)).until(this::lagMillis, lag -> lag < 2_000);
    }

    private String live() throws IOException {
        return HandshakeProbe.request(url(), "GET", "health/live", "").body();
    }

    private long lagMillis() throws IOException {
        return Long.parseLong(live().replaceAll(".*\"lagMillis\":(\\d+).*", "$1"));
    }
}
