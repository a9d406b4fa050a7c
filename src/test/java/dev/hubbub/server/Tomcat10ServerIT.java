package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Tomcat 10.1. */
@EnabledIfSystemProperty(named = "skip.server.tomcat", matches = "false")
class Tomcat10ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        TomcatProcess tomcat = new TomcatProcess(
                ServerProcess.SERVERS.resolve("apache-tomcat-" + System.getProperty("version.Tomcat10")), base);
        tomcat.secure();
        tomcat.trustLocalProxies();
        return tomcat;
    }
}
