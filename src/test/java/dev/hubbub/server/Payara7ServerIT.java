package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.JRE;

/** Payara Server 7. */
@EnabledIfSystemProperty(named = "skip.server.payara7", matches = "false")
@EnabledForJreRange(min = JRE.JAVA_21)
class Payara7ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new GlassFishProcess(ServerProcess.SERVERS.resolve("payara7"), "payara", base);
    }

    @Override
    protected boolean answersRequestsThatOfferHttp2() {
        return false;
    }
}
