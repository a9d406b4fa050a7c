package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.Http;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.standalone.WarProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** The standalone server of a WAR that was built without npm. */
class MissingScriptsIT {
    @TempDir
    private static Path folder;

    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        Path file = folder.resolve("hubbub.war");
        HubbubWar.withoutScripts("hubbub.war").as(ZipExporter.class).exportTo(file.toFile());
        war = WarProcess.start(file);
        war.url();
    }

    @AfterAll
    static void stop() {
        if (war != null) {
            war.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js"})
    void aMissingScriptIsAnsweredWithAHint(String script) throws Exception {
        HttpResponse<String> answer = Http.get(war.url().resolve("socket.io/" + script));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(answer.body()).contains("npm was not available");
    }

    @Test
    void thePageReportsTheMissingScriptAndTheOtherTransportsWork() {
        ChromeDriver browser = Chromium.start();
        try {
            browser.get(war.url() + "transports.html");
            await().until(() -> browser.findElements(By.cssSelector("section[data-state=open]"))
                            .size()
                    == 4);
            By missing = By.cssSelector("section[data-transport='Socket.IO'][data-state=unavailable]");
            await().until(() -> browser.findElements(missing).size() == 1);
            assertThat(browser.findElement(missing)
                            .findElement(By.className("status"))
                            .getText())
                    .contains("npm");
            assertThat(browser.findElement(missing)
                            .findElement(By.tagName("input"))
                            .isEnabled())
                    .isFalse();
        } finally {
            browser.quit();
        }
    }
}
