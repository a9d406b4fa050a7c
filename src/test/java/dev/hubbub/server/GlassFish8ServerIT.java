package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.JRE;

/** GlassFish 8. */
@EnabledIfSystemProperty(named = "skip.server.glassfish8", matches = "false")
@EnabledForJreRange(min = JRE.JAVA_21)
class GlassFish8ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new GlassFishProcess(ServerProcess.SERVERS.resolve("glassfish8"), "glassfish", base);
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
