package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A TomEE 9, which is a Tomcat 10.0 with Jakarta EE 9.1. */
@EnabledIfSystemProperty(named = "skip.server.tomee", matches = "false")
class TomeeServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        TomcatProcess tomcat = new TomcatProcess(
                ServerProcess.SERVERS.resolve("apache-tomee-webprofile-" + System.getProperty("version.Tomee")), base);
        tomcat.secure();
        tomcat.trustLocalProxies();
        return tomcat;
    }

    /** It sends as a Tomcat does, but this one keeps the socket of a reader that has stopped for longer. */
    @Override
    protected boolean sendsFast() {
        return false;
    }
}
