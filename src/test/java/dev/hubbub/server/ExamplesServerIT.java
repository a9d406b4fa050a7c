package dev.hubbub.server;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hubbub.client.HubbubWar;
import dev.hubbub.client.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples on a server of Jakarta EE. */
class ExamplesServerIT extends Examples {
    /** One after the other on one server, because its start takes long. */
    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void allExamplesRunOnPayara() throws Exception {
        Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        Path home = ServerProcess.SERVERS.resolve("payara6");
        assumeThat(home).as("The build skips Payara").exists();
        try (GlassFishProcess payara =
                new GlassFishProcess(home, "payara", Files.createDirectory(folder.resolve("payara")))) {
            payara.start();
            payara.deploy(gifChat(), "gif-chat");
            chat(payara.url("/gif-chat"));
            closeBrowsers();
            payara.deploy(file(war("ticker")), "ticker");
            prices(payara.url("/ticker"));
            closeBrowsers();
            payara.deploy(file(HubbubWar.atRoot(war("tutorial-chat"))), "ROOT");
            tutorial(payara.url(""));
        }
    }
}
