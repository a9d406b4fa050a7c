package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** An Open Liberty. */
@EnabledIfSystemProperty(named = "skip.server.liberty", matches = "false")
class LibertyServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new LibertyProcess(ServerProcess.SERVERS.resolve("wlp"), base);
    }

    @Override
    protected boolean sendsFast() {
        return false;
    }

    /** It closes connections while it still tells applications that it stops. */
    @Override
    protected boolean waitsForGoodbyes() {
        return false;
    }

    @Override
    protected int keeps() {
        return 1;
    }
}
