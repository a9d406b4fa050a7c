package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
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
}
