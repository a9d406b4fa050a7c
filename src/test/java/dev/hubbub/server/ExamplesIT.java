package dev.hubbub.server;

import dev.hubbub.client.Tools;
import dev.hubbub.standalone.WarProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The examples standalone, and on Tomcat. */
class ExamplesIT extends Examples {
    @Test
    void theTickerShowsAllPricesToAPageThatJoinsLate() throws Exception {
        try (WarProcess server = standalone("ticker")) {
            prices(server.url());
        }
    }

    @Test
    void thePageOfTheTutorialChatsUnchanged() throws Exception {
        try (WarProcess server = standalone("tutorial-chat")) {
            tutorial(server.url());
        }
    }

    @Test
    void theGifChatRunsOnTomcat() throws Exception {
        Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        try (TomcatProcess tomcat = new TomcatProcess(Path.of(System.getProperty("tomcat.home")), folder)) {
            tomcat.start();
            tomcat.deploy(gifChat(), "gif-chat");
            chat(tomcat.url("/gif-chat"));
        }
    }
}
