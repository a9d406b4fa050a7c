package dev.hubbub.browser;

import static dev.hubbub.browser.ChatPage.awaitNote;
import static dev.hubbub.browser.ChatPage.awaitState;
import static dev.hubbub.browser.ChatPage.awaitText;
import static dev.hubbub.browser.ChatPage.send;
import static dev.hubbub.browser.ChatPage.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.TestProxy;
import dev.hubbub.client.Tools;
import dev.hubbub.json.Json;
import dev.hubbub.standalone.WarProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/** The page and its module in Chromium. */
class BrowserIT {
    private static WarProcess war;
    private final List<ChromeDriver> browsers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        war = WarProcess.start();
        war.url();
    }

    @AfterAll
    static void stop() {
        if (war != null) {
            war.close();
        }
    }

    @AfterEach
    void closeBrowsers() {
        browsers.forEach(ChromeDriver::quit);
    }

    private ChromeDriver browser(URI url, String nick) {
        ChromeDriver browser = Chromium.start();
        browsers.add(browser);
        ChatPage.open(browser, url, nick);
        await().until(() -> texts(browser, "#members li").contains(nick));
        return browser;
    }

    /** A page that opens no connection itself. */
    private ChromeDriver bare(URI url) {
        ChromeDriver browser = Chromium.start();
        browsers.add(browser);
        browser.get(url + "health");
        return browser;
    }

    @Test
    void allTransportsShowTheSameConversation() {
        Tools.needClientScripts();
        ChromeDriver kim = browser(war.url(), "Kim");
        kim.get(war.url() + "transports.html");
        await().until(() -> texts(kim, "section[data-state=open] h2").size() == 5);
        List<String> transports = texts(kim, "section h2");
        for (String transport : transports) {
            kim.findElement(By.cssSelector("section[data-transport='" + transport + "'] input"))
                    .sendKeys("by " + transport, Keys.ENTER);
        }
        for (String transport : transports) {
            await().until(() -> texts(kim, "section[data-transport='" + transport + "'] .messages p")
                            .size()
                    == 5);
        }
        List<String> conversation = texts(kim, "section[data-transport='WebSocket'] .messages p");
        assertThat(conversation)
                .containsExactlyInAnyOrderElementsOf(
                        transports.stream().map(transport -> "by " + transport).toList());
        for (String transport : transports) {
            assertThat(texts(kim, "section[data-transport='" + transport + "'] .messages p"))
                    .isEqualTo(conversation);
        }
    }

    @Test
    void behindAProxyThatBlocksWebSocketThePageUsesAndShowsAnotherTransport() throws Exception {
        try (TestProxy withoutWebSocket = new TestProxy(war.url().getPort(), "Upgrade: websocket");
                TestProxy withoutStreams = new TestProxy(war.url().getPort(), "Upgrade: websocket", "events/sse")) {
            ChromeDriver kim = browser(URI.create("http://127.0.0.1:" + withoutWebSocket.port() + "/"), "Kim");
            awaitText(kim, "#status", "Connected (sse)");
            ChromeDriver lee = browser(URI.create("http://127.0.0.1:" + withoutStreams.port() + "/"), "Lee");
            awaitText(lee, "#status", "Connected (poll)");
            awaitNote(kim, "Lee joined");
            send(kim, "안녕");
            awaitText(lee, "#messages .message:not(.mine) .body", "안녕");
            send(lee, "hi");
            awaitText(kim, "#messages .message:not(.mine) .body", "hi");
            lee.get("about:blank");
            awaitNote(kim, "Lee left"); // at once, not when a poll is missing
        }
    }

    /** A computer without a network reaches itself. */
    @Test
    void theModuleTriesAllTransportsOfALoopbackServerAlsoWhenTheBrowserIsOffline() throws Exception {
        try (TestProxy withoutWebSocket = new TestProxy(war.url().getPort(), "Upgrade: websocket")) {
            ChromeDriver kim = bare(URI.create("http://127.0.0.1:" + withoutWebSocket.port() + "/"));
            Object transport = kim.executeAsyncScript("""
                    const done = arguments[arguments.length - 1];
                    Object.defineProperty(navigator, "onLine", { get: () => false });
                    (async () => {
                    const { connect } = await import("/hubbub.js");
                    const hub = connect("/events");
                    await hub.ready();
                    done(hub.state.transport + " " + hub.state.offline);
                    })();
                    """);
            assertThat(transport).isEqualTo("sse true");
        }
    }

    @Test
    void messagesMissedWhileDisconnectedAreShownAfterReconnecting() throws Exception {
        try (TestProxy proxy = new TestProxy(war.url().getPort())) {
            ChromeDriver kim = browser(URI.create("http://127.0.0.1:" + proxy.port() + "/"), "Kim");
            ChromeDriver lee = browser(war.url(), "Lee");
            awaitNote(kim, "Lee joined");
            proxy.goDown();
            awaitNote(lee, "Kim left");
            send(lee, "while you were away");
            awaitText(lee, "#messages .message.mine .body", "while you were away");
            proxy.comeUp();
            awaitText(kim, "#messages .message .body", "while you were away");
            assertThat(texts(kim, "#messages .message .body")).containsOnlyOnce("while you were away");
            assertThat(texts(kim, "#messages .note")).contains("Connected again. No messages were missed.");
        }
    }

    @Test
    void twoPagesChatAndOneSeesTheOtherLeave() {
        ChromeDriver kim = browser(war.url(), "Kim");
        ChromeDriver lee = browser(war.url(), "Lee");
        awaitNote(kim, "Lee joined");
        send(kim, "안녕 <b>Lee</b>");
        awaitText(lee, "#messages .message:not(.mine) .body", "안녕 <b>Lee</b>");
        awaitText(kim, "#messages .message.mine .body", "안녕 <b>Lee</b>");
        assertThat(lee.findElements(By.cssSelector("#messages b"))).isEmpty();
        assertThat(texts(kim, "#frames .out code")).anyMatch(frame -> frame.contains("\"name\":\"message\""));
        assertThat(texts(lee, "#frames .in code")).anyMatch(frame -> frame.contains("\"name\":\"message\""));

        lee.quit();
        browsers.remove(lee);
        awaitNote(kim, "Lee left");
        await().untilAsserted(() ->
                assertThat(texts(kim, "#members li")).contains("Kim").doesNotContain("Lee"));
    }

    @Test
    void thePageCanBeUsedByKeyboard() {
        ChromeDriver kim = browser(war.url(), "Kim");
        assertThat(kim.switchTo().activeElement().getDomAttribute("id")).isEqualTo("text");
        send(kim, "/join second");
        awaitText(kim, "#room-title", "second");
        send(kim, "/nick Kimchi");
        awaitText(kim, "#members li", "Kimchi");
        kim.switchTo().activeElement().sendKeys(Keys.chord(Keys.ALT, Keys.ARROW_UP));
        awaitText(kim, "#room-title", "lobby");
        send(kim, "/nonsense");
        awaitText(kim, "#notice", "There is no /nonsense. Try /help, or //text to send “/text”.");
        send(kim, "/leave");
        awaitText(kim, "#room-title", "second");
        assertThat(texts(kim, "#rooms button")).containsExactly("second");
    }

    @Test
    void imagesAreShownToTheRoom(@TempDir Path folder) throws Exception {
        Path image = folder.resolve("dot.gif");
        Files.write(image, Base64.getDecoder().decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="));
        ChromeDriver kim = browser(war.url(), "Kim");
        ChromeDriver lee = browser(war.url(), "Lee");
        kim.findElement(By.id("image")).sendKeys(image.toString());
        await().until(
                        () -> Boolean.TRUE.equals(
                                lee.executeScript(
                                        "const i = document.querySelector('#messages img'); return !!i && i.complete && i.naturalWidth === 1")));
        Path drawing = folder.resolve("script.svg"); // it could contain a script
        Files.writeString(drawing, "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>");
        kim.findElement(By.id("image")).sendKeys(drawing.toString());
        await().until(() -> texts(lee, "#messages .body").contains("script.svg"));
        assertThat(lee.findElements(By.cssSelector("#messages img"))).hasSize(1);
    }

    @Test
    void theLanguageCanBeChanged() {
        ChromeDriver kim = browser(war.url(), "Kim");
        kim.findElement(By.cssSelector("#language option[value=ko]")).click();
        awaitText(kim, "#status", "연결됨");
        assertThat(kim.findElement(By.tagName("html")).getDomAttribute("lang")).isEqualTo("ko");
    }

    @Test
    void thePageReconnectsWhenTheServerIsBack() throws Exception {
        try (WarProcess first = WarProcess.start()) {
            URI url = first.url();
            ChromeDriver kim = browser(url, "Kim");
            send(kim, "/join second");
            awaitText(kim, "#room-title", "second");
            first.terminate();
            awaitState(kim, "waiting");
            send(kim, "into the void");
            awaitText(kim, "#notice", "Not sent: Not connected");
            try (WarProcess second = new WarProcess(List.of(), "--port", Integer.toString(url.getPort()))) {
                second.url();
                awaitState(kim, "open");
                awaitText(kim, "#messages .note", "Connected again. Some messages may be missing.");
                assertThat(kim.findElement(By.id("text")).getDomProperty("value"))
                        .isEqualTo("into the void");
                assertThat(texts(kim, "#notice")).containsExactly("");
                try (EventClient lee =
                        EventClient.connect(URI.create(url.toString().replace("http", "ws") + "events"))) {
                    lee.join("second");
                    lee.send("{\"name\":\"message\",\"data\":{\"room\":\"second\",\"text\":\"welcome back\"}}");
                    awaitText(kim, "#messages .body", "welcome back");
                }
            }
        }
    }

    /** A client that had a WebSocket does not change the transport because the server was down for a moment. */
    @Test
    void theModuleTriesOtherTransportsOnlyAfterRepeatedFailures() throws Exception {
        try (WarProcess first = WarProcess.start()) {
            ChromeDriver kim = bare(first.url());
            kim.executeAsyncScript("""
                    const done = arguments[arguments.length - 1];
                    (async () => {
                    const { connect } = await import("/hubbub.js");
                    window.tried = "";
                    const hub = connect("/events", { minDelay: 20, maxDelay: 200 });
                    hub.on("state", ({ name, transport }) => {
                      if (name === "connecting") window.tried += transport + " ";
                      if (name === "waiting") window.tried += "| ";
                      window.now = name + " " + transport;
                      if (name === "open") done();
                    });
                    })();
                    """);
            URI url = first.url();
            first.terminate();
            String expected = "| websocket | websocket | websocket | websocket sse poll | websocket sse poll | ";
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ((String) kim.executeScript("return window.tried")).length() >= expected.length());
            assertThat((String) kim.executeScript("return window.tried")).startsWith(expected);
            try (WarProcess second = new WarProcess(List.of(), "--port", Integer.toString(url.getPort()))) {
                second.url();
                // By the transport that was being tried when the server came back.
                await().until(() -> ((String) kim.executeScript("return window.now")).startsWith("open "));
            }
        }
    }

    /** With several clients and one admission per second, the requested delay is seldom as short as the module's own first delay. */
    @Test
    void theModuleReconnectsAfterTheDelayThatARestartingServerRequests() throws Exception {
        List<EventClient> others = new ArrayList<>();
        try (WarProcess restarting = WarProcess.start("-Dhubbub.admissions-per-second=1")) {
            URI events = restarting.events();
            for (int i = 0; i < 8; i++) {
                others.add(EventClient.connect(events));
            }
            ChromeDriver kim = bare(restarting.url());
            kim.executeAsyncScript("""
                    const done = arguments[arguments.length - 1];
                    (async () => {
                    window.WebSocket = class extends WebSocket {
                      constructor(...parts) {
                        window.tries?.push(performance.now());
                        super(...parts);
                      }
                    };
                    const { connect } = await import("/hubbub.js");
                    const hub = connect("/events");
                    await new Promise((resolve) => hub.on("connected", resolve));
                    hub.on("restart", ({ after }) => (window.wanted = performance.now() + after));
                    window.tries = [];
                    done();
                    })();
                    """);
            restarting.terminate();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> (Boolean) kim.executeScript("return window.tries.length > 0"));
            Object late = kim.executeScript("return Math.round(window.tries[0] - window.wanted)");
            assertThat((Long) late).isBetween(-5L, 3_000L);
        } finally {
            others.forEach(EventClient::close);
        }
    }

    @Test
    void theModuleHandlesAcknowledgementsErrorsAndAttachments() {
        ChromeDriver kim = browser(war.url(), "Kim");
        Object result = kim.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                (async () => {
                const { connect } = await import(new URL("hubbub.js", location).href);
                const hub = connect("events", { ackTimeout: 2000 });
                await new Promise((resolve) => hub.on("connected", resolve));
                const echoed = await hub.emit("echo", { a: [1, null] });
                const failed = await hub.emit("nobody").catch((problem) => problem.code);
                const bytes = new Uint8Array([0, 1, 2]);
                await hub.emit("join", { room: "module" });
                const message = new Promise((resolve) => hub.on("message", (data, event) => resolve([...event.attachment])));
                await hub.emit("message", { room: "module" }, bytes);
                const attachment = await message;
                hub.close();
                const late = await hub.emit("echo").catch((problem) => problem.code);
                done(JSON.stringify({ echoed, failed, attachment, late, state: hub.state.name }));
                })().catch((problem) => done(String(problem)));
                """);
        assertThat(result)
                .isEqualTo("{\"echoed\":{\"a\":[1,null]},\"failed\":\"unknown-event\",\"attachment\":[0,1,2],"
                        + "\"late\":\"not-sent\",\"state\":\"closed\"}");
    }

    @Test
    void theCodeShownOnThePageWorks() {
        ChromeDriver kim = browser(war.url(), "Kim");
        String code = texts(kim, "#plain-code").get(0);
        assertThat(code).contains(war.url().toString().replace("http", "ws") + "events");
        Object logged = kim.executeAsyncScript(
                "const done = arguments[arguments.length - 1]; const console = { log: (...said) => done(said[0]) };"
                        + code);
        assertThat(logged).isEqualTo("members:");
    }

    /** Nicks and texts are shown as text, and the page does not allow inline scripts. */
    @Test
    void scriptsInNicksAndTextsAreShownAsText() {
        String script = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";
        ChromeDriver browser = browser(war.url(), "Kim");
        try (EventClient mallory = EventClient.connect(war.events())) {
            String json = Json.write(script);
            String nick = Json.write(script.substring(0, 60));
            mallory.send("{\"name\":\"join\",\"data\":{\"room\":\"lobby\",\"nick\":" + nick + "}}")
                    .next("hello");
            mallory.send(
                    "{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":" + json + ",\"nick\":" + nick + "}}");
            await().until(() -> texts(browser, ".message .body").contains(script));
            await().until(() -> texts(browser, "#members li").contains(script.substring(0, 60)));
        }
        assertThat(browser.getTitle()).doesNotContain("run");
        assertThat(browser.findElements(By.cssSelector(".message img, #members img, .message script")))
                .isEmpty();
        // Even a script that is inserted into the page does not run.
        browser.executeScript(
                "const s = document.createElement('script'); s.textContent = \"document.title='run'\";"
                        + " document.body.append(s); document.body.insertAdjacentHTML('beforeend', arguments[0])",
                script);
        assertThat(browser.getTitle()).doesNotContain("run");
    }
}
