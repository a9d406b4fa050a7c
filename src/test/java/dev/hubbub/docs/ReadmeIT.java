package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.browser.Chromium;
import dev.hubbub.standalone.WarProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.chrome.ChromeDriver;

/** The lines of JavaScript in the READMEs talk to the server. */
class ReadmeIT {
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "src/site/markdown/README.ko.md"})
    void theLinesForABrowserWork(String readme) throws Exception {
        Snippet lines = Snippet.of(Path.of(readme)).stream()
                .filter(snippet -> snippet.language().equals("js"))
                .findFirst()
                .orElseThrow();
        try (WarProcess server = WarProcess.start()) {
            ChromeDriver browser = Chromium.start();
            try {
                browser.get(server.url() + "health");
                browser.executeScript(
                        "window.printed = []; console.log = (...values) => printed.push(values.join(' '));"
                                + lines.code()
                                        .replace("127.0.0.1:8080", server.url().getAuthority())
                                + "window.emit = emit;");
                awaitPrinted(browser, "[object Object]"); // the member in hello
                browser.executeScript("emit('message', { room: 'lobby', text: 'hi' })");
                awaitPrinted(browser, " hi");
            } finally {
                browser.quit();
            }
        }
    }

    private static void awaitPrinted(ChromeDriver browser, String end) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat((List<?>) browser.executeScript("return printed"))
                        .anySatisfy(line -> assertThat((String) line).endsWith(end)));
    }
}
