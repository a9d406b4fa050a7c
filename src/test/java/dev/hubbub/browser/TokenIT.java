package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.identity.Tokens;
import dev.hubbub.standalone.WarProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** URLs are in the logs of servers and proxies. */
    @ParameterizedTest
    @ValueSource(strings = {"sse", "poll"})
    void noUrlHasTheSecretOfASession(String transport) {
        String reconnect = """
                const [transport, token, done] = arguments;
                performance.clearResourceTimings();
                const cut = new AbortController();
                const request = window.fetch;
                window.fetch = (url, options) => request(url, { ...options, signal: cut.signal });
                import("./hubbub.js").then(async ({ connect }) => {
                  const hub = connect("events?mine=1", { transports: [transport], token: () => token, offline: "queue" });
                  hub.join("lobby");
                  await hub.emit("echo", 1);
                  window.fetch = request;
                  cut.abort(new TypeError("the network failed"));
                  await hub.emit("echo", 2);
                  hub.dispose();
                  const urls = () => performance.getEntriesByType("resource").map(({ name }) => name)
                    .filter((name) => name.includes("mine=1")); // not those of the page
                  while (urls().filter((url) => url.includes(`/events/${transport}`)).length < 2) {
                    await new Promise((resolve) => setTimeout(resolve, 20)); // a stream is listed when it has ended
                  }
                  done(urls());
                });
                """;
        @SuppressWarnings("unchecked")
        List<String> urls = (List<String>) browser.executeAsyncScript(reconnect, transport, TOKENS.token("kim"));
        assertThat(urls).noneMatch(url -> url.matches(".*[?&](was|session)=[^&].*"));
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
