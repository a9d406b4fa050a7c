package dev.hubbub.standalone;

import dev.hubbub.client.AccessSuite;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.container.app.AccessHandlers;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Authentication, room policies, and limits on the standalone server. */
class AccessIT extends AccessSuite {
    @TempDir
    private static Path folder;

    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        Path jar = HubbubWar.handlersJar(
                folder, "access.jar", AccessHandlers.class, AccessHandlers.Met.class, AccessHandlers.Odd.class);
        List<String> settings = SETTINGS.entrySet().stream()
                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                .toList();
        war = new WarProcess(settings, "--port=0", "--handlers", jar.toString());
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    @Override
    protected URI url() {
        return war.url();
    }
}
