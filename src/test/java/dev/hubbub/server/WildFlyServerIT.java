package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A WildFly 39. */
@EnabledIfSystemProperty(named = "skip.server.wildfly", matches = "false")
class WildFlyServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new WildFlyProcess(
                ServerProcess.SERVERS.resolve("wildfly-" + System.getProperty("version.WildFly")), base);
    }

    @Override
    protected boolean sendsFast() {
        return false;
    }

    @Override
    protected boolean stopsApplicationsFirst() {
        return false;
    }
}
