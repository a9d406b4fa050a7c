package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A GlassFish 7. */
@EnabledIfSystemProperty(named = "skip.server.glassfish", matches = "false")
class GlassFish7ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new GlassFishProcess(ServerProcess.SERVERS.resolve("glassfish7"), "glassfish", base);
    }

    /** GlassFish forgets the status of an answer without a body once a request is asynchronous. */
    @Override
    protected int accepted() {
        return 200;
    }

    @Override
    protected boolean hearsWhoOffersHttp2() {
        return false;
    }
}
