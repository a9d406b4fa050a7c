package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** TomEE 9, which is based on Tomcat 10.0 and implements Jakarta EE 9.1. */
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

    /** TomEE writes like Tomcat, but keeps the socket of a client that has stopped reading for longer. */
    @Override
    protected boolean writesBelowJakartaWebSocket() {
        return false;
    }
}
