package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.Http;
import dev.hubbub.client.Keystore;
import dev.hubbub.standalone.WarProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;

/** What pages of other sites can do with a server in Chromium, which knows the same server by several names. */
class OtherSiteIT {
    /** Tries all ways in; an image that loads and a body that cannot be read do not show whether the server admitted them. */
    private static final String ATTACK = """
            const [base, done] = arguments;
            const webSocket = (path) => new Promise((resolve) => {
              const socket = new WebSocket(base.replace("http", "ws") + path);
              socket.onopen = () => resolve("open");
              socket.onerror = () => resolve("rejected");
            });
            const image = (path) => new Promise((resolve) => {
              const image = new Image();
              image.onload = image.onerror = resolve;
              setTimeout(resolve, 1500);
              image.src = base + path;
            });
            const get = (path, mode) => fetch(base + path, { mode, signal: AbortSignal.timeout(1500) })
                .then((response) => response.status, (problem) => problem.name);
            (async () => {
              const sockets = [await webSocket("events"), await webSocket("socket.io/?EIO=4&transport=websocket")];
              await image("events/sse?room=lobby&nick=Mallory");
              await image("events/poll?room=lobby&nick=Mallory");
              for (const path of ["events/sse?room=lobby", "events/poll?room=lobby", "socket.io/?EIO=4&transport=polling"]) {
                await get(path, "no-cors");
              }
              done([...sockets, await get("events/poll?wait=0", "cors")].join(" "));
            })();
            """;

    @TempDir
    private static Path folder;

    private static WarProcess plain;
    private static WarProcess secure;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        Path keystore = folder.resolve("key.p12");
        Keystore.create(keystore);
        plain = WarProcess.start(Map.of("HUBBUB_HOSTS", "app.example"));
        secure = WarProcess.start(
                Map.of("HUBBUB_TLS_PASSWORD", Keystore.PASSWORD, "HUBBUB_HOSTS", "app.example"),
                "--tls-keystore",
                keystore.toString());
        browser = Chromium.start(
                "--host-resolver-rules=MAP rebound.example 127.0.0.1,MAP app.example:80 127.0.0.1:"
                        + plain.url().getPort() + ",MAP app.example:443 127.0.0.1:"
                        + secure.url().getPort(),
                "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable");
        browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(40));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        for (WarProcess war : new WarProcess[] {plain, secure}) {
            if (war != null) {
                war.close();
            }
        }
    }

    private static String attack(String page, String base) {
        browser.get(page);
        return (String) browser.executeAsyncScript(ATTACK, base);
    }

    /** For the browser the page and the server have the same origin, because both have the name of the page. */
    @Test
    void aPageWhoseNameResolvesToTheServerCannotUseIt() throws Exception {
        String page = "http://rebound.example:" + plain.url().getPort() + "/";
        assertThat(attack(page, page)).isEqualTo("rejected rejected 421");
        assertThat(browser.getPageSource()).contains("hubbub.hosts");
        assertNobodyHasConnected();
    }

    @Test
    void aPageOfAnotherSiteCannotUseTheServerEvenWithoutAnOrigin() throws Exception {
        String page = "http://localhost:" + plain.url().getPort() + "/health";
        assertThat(attack(page, plain.url().toString())).isEqualTo("rejected rejected TypeError");
        assertNobodyHasConnected();
    }

    @Test
    void aPageWithoutTlsCannotUseTheServerWithTls() {
        assertThat(attack("http://app.example/health", "https://app.example/"))
                .isEqualTo("rejected rejected TypeError");
        assertThat(browser.executeScript("return location.protocol")).isEqualTo("http:");
        assertThat(attack("https://app.example/health", "https://app.example/")).isEqualTo("open open 200");
    }

    private static void assertNobodyHasConnected() throws Exception {
        assertThat(Http.get(plain.url().resolve("health")).body()).contains("\"rooms\":0");
    }
}
