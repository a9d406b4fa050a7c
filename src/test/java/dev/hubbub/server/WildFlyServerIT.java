package dev.hubbub.server;

import dev.hubbub.client.EventClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** WildFly 39. */
@EnabledIfSystemProperty(named = "skip.server.wildfly", matches = "false")
class WildFlyServerIT extends ServerSuite {
    private WildFlyProcess wildFly;

    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        wildFly = new WildFlyProcess(
                ServerProcess.SERVERS.resolve("wildfly-" + System.getProperty("version.WildFly")), base);
        return wildFly;
    }

    @Test
    void suspendingTheServerDisconnectsClientsAndResumingAdmitsThem() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("lobby");
            wildFly.cli("--command=:suspend");
            kim.next("restart");
            kim.awaitClose(1012);
        }
        wildFly.cli("--command=:resume");
        try (EventClient kim = connect()) {
            kim.join("lobby");
        }
    }

    @Override
    protected boolean writesBelowJakartaWebSocket() {
        return false;
    }

    @Override
    protected boolean waitsForCloseFrame() {
        return false;
    }
}
