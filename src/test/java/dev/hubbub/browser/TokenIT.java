package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.identity.Tokens;
import dev.hubbub.standalone.WarProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.chrome.ChromeDriver;

/** {@code hubbub.js} authenticates on each transport; the server requires authentication. */
class TokenIT {
    private static final Tokens TOKENS = new Tokens();

    /** Returns the names of the events received, up to the given one. */
    private static final String CONNECT = """
            const [transport, token, until, done] = arguments;
            import("./hubbub.js").then(({ connect }) => {
              const hub = connect("events", { transports: [transport], token: async () => token });
              const names = [];
              for (const name of ["connected", "error", "hello"]) {
                hub.on(name, (data) => {
                  names.push(name);
                  if (name === "connected") hub.send("join", { room: "tokens" });
                  if (name === until) setTimeout(() => { hub.close(); done(names.join(" ")); });
                });
              }
              hub.on("state", ({ name, code, reason }) => name === "closed" && code > 1000 && done(`closed ${code} ${reason}`));
            });
            """;

    @TempDir
    private static Path folder;

    private static WarProcess war;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        Path keys = folder.resolve("keys.json");
        Files.writeString(keys, TOKENS.keys());
        war = WarProcess.start(
                "-Dhubbub.anonymous=false",
                "-Dhubbub.jwt-keys=" + keys,
                "-Dhubbub.jwt-skew=0",
                "-Dhubbub.auth-notice=10000");
        browser = Chromium.start();
        browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
        browser.get(war.url() + "transports.html");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (war != null) {
            war.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "sse", "poll"})
    void everyTransportSendsTheToken(String transport) {
        assertThat(browser.executeAsyncScript(CONNECT, transport, TOKENS.token("kim"), "hello"))
                .isEqualTo("connected hello");
    }

    /** The first token is valid for three seconds; the echo after four seconds needs the second one. */
    @Test
    void anExpiringTokenIsRenewed() {
        String renewed = """
                const [first, next, done] = arguments;
                const tokens = [first, next];
                import("./hubbub.js").then(({ connect }) => {
                  const hub = connect("events", { token: () => tokens.shift() });
                  hub.on("auth-expiring", () => setTimeout(() => hub.emit("echo", "still here").then(done, done), 4000));
                  hub.on("state", ({ name, code }) => name === "closed" && done(`closed ${code}`));
                });
                """;
        assertThat(browser.executeAsyncScript(renewed, TOKENS.token("kim", 3), TOKENS.token("kim", 60)))
                .isEqualTo("still here");
    }

    @Test
    void anInvalidTokenIsRejected() {
        assertThat(browser.executeAsyncScript(CONNECT, "websocket", "rubbish", "connected"))
                .isEqualTo("closed 4401 The token was refused");
    }
}
