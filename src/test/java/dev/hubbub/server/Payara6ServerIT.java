package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Payara Server 6. */
@EnabledIfSystemProperty(named = "skip.server.payara", matches = "false")
class Payara6ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new GlassFishProcess(ServerProcess.SERVERS.resolve("payara6"), "payara", base);
    }

    @Override
    protected boolean answersRequestsThatOfferHttp2() {
        return false;
    }
}
