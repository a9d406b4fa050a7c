package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Open Liberty. */
@EnabledIfSystemProperty(named = "skip.server.liberty", matches = "false")
class LibertyServerIT extends ServerSuite {
    @Override
    ServerProcess server(Path war, Path base) throws IOException, InterruptedException {
        return new LibertyProcess(ServerProcess.SERVERS.resolve("wlp"), base);
    }

    @Override
    protected boolean supportsCompression() {
        return false;
    }

    @Override
    protected boolean writesBelowJakartaWebSocket() {
        return false;
    }

    @Override
    protected boolean readsFramesWhereverTheyAreCut() {
        return false;
    }

    @Override
    protected int retainedApplications() {
        return 1;
    }
}
