package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Payara Micro 6. */
@EnabledIfSystemProperty(named = "skip.server.micro", matches = "false")
class PayaraMicro6ServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new PayaraMicroProcess(
                ServerProcess.SERVERS.resolve("payara-micro-" + System.getProperty("version.PayaraMicro6") + ".jar"),
                war,
                "shop",
                base);
    }

    @Override
    protected boolean answersRequestsThatOfferHttp2() {
        return false;
    }
}
