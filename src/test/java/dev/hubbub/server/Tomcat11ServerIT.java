package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Tomcat 11. */
@EnabledIfSystemProperty(named = "skip.server.tomcat11", matches = "false")
class Tomcat11ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        TomcatProcess tomcat = new TomcatProcess(
                ServerProcess.SERVERS.resolve("apache-tomcat-" + System.getProperty("version.Tomcat11")), base);
        tomcat.secure();
        tomcat.trustLocalProxies();
        return tomcat;
    }
}
