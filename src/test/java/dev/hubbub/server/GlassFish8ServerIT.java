package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.JRE;

/** A GlassFish 8. */
@EnabledIfSystemProperty(named = "skip.server.glassfish8", matches = "false")
@EnabledForJreRange(min = JRE.JAVA_21)
class GlassFish8ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new GlassFishProcess(ServerProcess.SERVERS.resolve("glassfish8"), "glassfish", base);
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
