package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Jetty 12.1 with Jakarta EE 10. */
@EnabledIfSystemProperty(named = "skip.server.jetty", matches = "false")
class JettyEe10ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new JettyProcess(
                ServerProcess.SERVERS.resolve("jetty-home-" + System.getProperty("version.JettyEe10")), "ee10", base);
    }

    @Override
    protected boolean waitsForCloseFrame() {
        return false;
    }
}
