package dev.hubbub.browser;

import static dev.hubbub.browser.ChatPage.awaitState;
import static dev.hubbub.browser.ChatPage.awaitText;
import static dev.hubbub.browser.ChatPage.send;
import static dev.hubbub.browser.ChatPage.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.Tools;
import dev.hubbub.json.Json;
import dev.hubbub.standalone.WarProcess;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/** The chat page as its users see it: what was said before, large rooms, small screens, accessibility. */
class ChatPageIT {
    private static final int LAST = 50;

    private static WarProcess war;
    private final List<EventClient> clients = new ArrayList<>();
    private ChromeDriver kim;

    @BeforeAll
    static void start() throws Exception {
        Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        war = WarProcess.start("-Dhubbub.presence-limit=8");
        war.url();
    }

    @AfterAll
    static void stop() {
        if (war != null) {
            war.close();
        }
    }

    @BeforeEach
    void startBrowser() {
        kim = Chromium.start();
    }

    @AfterEach
    void end() {
        kim.quit();
        clients.forEach(EventClient::close);
    }

    private static URI page(String room) {
        return URI.create(war.url() + "#" + room);
    }

    private EventClient join(String room, String nick) {
        EventClient client = EventClient.connect(war.events());
        clients.add(client);
        client.send("{\"name\":\"join\",\"data\":{\"room\":\"" + room + "\",\"nick\":\"" + nick + "\"}}")
                .next("hello");
        return client;
    }

    private static void say(EventClient client, String room, Object text) {
        client.send(EventClient.message(room, text)).next("message");
    }

    @Test
    void earlierMessagesAreShownAndLoadedAndNewOnesAreMarked() {
        EventClient lee = join("past", "Lee");
        for (int i = 1; i <= 70; i++) {
            say(lee, "past", "text " + i);
        }
        ChatPage.open(kim, page("past"), "Kim");
        awaitText(kim, "#messages .body", "text 70");
        assertThat(texts(kim, "#messages .body")).hasSize(LAST).startsWith("text 21");
        assertThat(texts(kim, "#messages .new")).isEmpty();

        kim.executeScript("document.getElementById('messages').scrollTop = 0");
        awaitText(kim, "#messages .body", "text 1");
        assertThat(texts(kim, "#messages .body"))
                .hasSize(70)
                .startsWith("text 1")
                .endsWith("text 70");
        assertThat(texts(kim, "#messages .earlier")).isEmpty();
        assertThat((Boolean) kim.executeScript("return document.getElementById('messages').scrollTop > 200"))
                .as("what was being read stays where it was")
                .isTrue();

        send(kim, "mine");
        awaitText(kim, "#messages .mine .body", "mine");
        kim.get("about:blank");
        say(lee, "past", "while you were away");
        kim.get(page("past").toString());
        awaitText(kim, "#messages .body", "while you were away");
        assertThat(texts(kim, "#messages .mine .body")).containsExactly("mine");
        assertThat(texts(kim, "#messages .new")).hasSize(1);
        assertThat(texts(kim, "#messages .new + .message .body")).containsExactly("while you were away");
    }

    @Test
    void afterARestartOfAServerWithAHistoryThePageMissesNothing(@TempDir Path folder) throws Exception {
        try (WarProcess first = new WarProcess(List.of(), "--port", "0", "--history", folder.toString())) {
            URI url = URI.create(first.url() + "#kept");
            try (EventClient lee = EventClient.connect(first.events()).join("kept")) {
                say(lee, "kept", "before");
                ChatPage.open(kim, url, "Kim");
                awaitText(kim, "#messages .body", "before");
            }
            first.terminate();
            awaitState(kim, "waiting");
            String port = Integer.toString(url.getPort());
            try (WarProcess second = new WarProcess(List.of(), "--port", port, "--history", folder.toString());
                    EventClient lee = EventClient.connect(second.events()).join("kept")) {
                say(lee, "kept", "meanwhile");
                awaitText(kim, "#messages .body", "meanwhile");
                assertThat(texts(kim, "#messages .body")).containsExactly("before", "meanwhile");
                assertThat(texts(kim, "#messages .note"))
                        .contains("Connected again. No messages were missed.")
                        .doesNotContain("Connected again. Some messages may be missing.");
                kim.navigate().refresh();
                await().until(() -> texts(kim, "#messages .body").equals(List.of("before", "meanwhile")));
            }
        }
    }

    @Test
    void slashesLineBreaksAndAddressesAreSentAsTheyAre() {
        ChatPage.open(kim, page("texts"), "Kim");
        send(kim, "//etc/hosts");
        awaitText(kim, "#messages .body", "/etc/hosts");
        kim.findElement(By.id("text"))
                .sendKeys("one", Keys.chord(Keys.SHIFT, Keys.ENTER), "see http://example.org/a?b=1. Bye", Keys.ENTER);
        awaitText(kim, "#messages .body", "one\nsee http://example.org/a?b=1. Bye");
        assertThat(kim.findElement(By.cssSelector("#messages a")).getDomAttribute("href"))
                .isEqualTo("http://example.org/a?b=1");
    }

    @Test
    void manyMembersShareOneLine() {
        ChatPage.open(kim, page("crowd"), "Kim");
        for (int i = 0; i < 6; i++) {
            join("crowd", "guest " + i);
        }
        awaitText(kim, "#messages .note", "6 joined");
        assertThat(texts(kim, "#messages .note")).containsExactly("6 joined");
        assertThat(texts(kim, "#members li")).hasSize(7);
    }

    /** With a limit of 8 members: the names come with the messages, and the list comes back when half of them are left. */
    @Test
    void aLargeRoomShowsWhoSpeaksAndListsItsMembersAgainWhenItHasShrunk() {
        ChatPage.open(kim, page("large"), "Kim");
        List<EventClient> guests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            guests.add(join("large", "guest " + i));
        }
        awaitText(kim, "#members-note", "Large rooms do not list their members.");
        await().until(() -> texts(kim, "#member-count").contains("10"));
        guests.get(8).send("{\"name\":\"message\",\"data\":{\"room\":\"large\",\"text\":\"hi\",\"nick\":\"guest 8\"}}");
        awaitText(kim, "#messages .body", "hi");
        assertThat(texts(kim, "#messages .who")).anyMatch(who -> who.startsWith("guest 8"));

        for (int i = 0; i < 7; i++) {
            guests.get(i)
                    .send("{\"name\":\"leave\",\"data\":{\"room\":\"large\"}}")
                    .next("left");
        }
        await().untilAsserted(() ->
                assertThat(texts(kim, "#members li")).containsExactlyInAnyOrder("Kim", "guest 7", "guest 8"));
        assertThat(texts(kim, "#members-note")).containsExactly("");
    }

    @Test
    void whoIsInNoRoomIsToldAndCannotSend() {
        ChatPage.open(kim, page("last"), "Kim");
        kim.findElement(By.id("leave")).click();
        awaitText(kim, "#messages .empty", "You are in no room. Join one to talk.");
        assertThat(kim.findElement(By.id("text")).isEnabled()).isFalse();
        kim.findElement(By.id("room-name")).sendKeys("next", Keys.ENTER);
        awaitText(kim, "#room-title", "next");
        assertThat(kim.findElement(By.id("text")).isEnabled()).isTrue();
    }

    @Test
    void aLargeImageIsMadeSmaller(@TempDir Path folder) throws Exception {
        BufferedImage noise = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int i = 0; i < 400 * 300; i++) {
            noise.setRGB(i % 400, i / 400, random.nextInt(1 << 24));
        }
        Path file = folder.resolve("noise.png"); // 360 KB; the server accepts 64
        ImageIO.write(noise, "png", file.toFile());
        ChatPage.open(kim, page("images"), "Kim");
        kim.findElement(By.id("image")).sendKeys(file.toString());
        await().until(
                        () -> Boolean.TRUE.equals(
                                kim.executeScript(
                                        "const i = document.querySelector('#messages img'); return !!i && i.complete && i.naturalWidth > 100")));
        awaitText(kim, "#notice", "The image was made smaller, because this server accepts 63 KB.");
    }

    /** Long names and placeholders fit, and most of the screen is left to the messages. */
    @ParameterizedTest
    @CsvSource({"1280, 800, 550", "390, 844, 560", "844, 390, 210"})
    void thePageFitsTheScreen(int width, int height, int messages) {
        String room = "a-room-with-a-very-long-name-".repeat(4);
        kim.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 1000));
        ChatPage.open(kim, page("lobby," + room), "K".repeat(64));
        awaitText(kim, "#room-title", room);
        send(kim, "w".repeat(300));
        awaitText(kim, "#messages .mine .body", "w".repeat(300));
        Object wide = kim.executeScript("return [...document.querySelectorAll('body *')].filter((e) => {"
                + " const box = e.getBoundingClientRect();"
                + " return box.width && !e.closest('.skip, #rooms, #frames, pre') && box.right > innerWidth + 1; })"
                + ".map((e) => e.outerHTML.slice(0, 80))");
        assertThat((List<?>) wide).isEmpty();
        Object cut = kim.executeScript(
                "return [...document.querySelectorAll('input:not([type=file]), textarea')].filter((e) => {"
                        + " const context = document.createElement('canvas').getContext('2d');"
                        + " const style = getComputedStyle(e); context.font = style.font;"
                        + " const space = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);"
                        + " return e.placeholder && e.clientWidth && context.measureText(e.placeholder).width > space; })"
                        + ".map((e) => e.placeholder)");
        assertThat((List<?>) cut).as("placeholders").isEmpty();
        Object high = kim.executeScript("return Math.round(document.getElementById('messages').clientHeight)");
        assertThat((Long) high).isGreaterThanOrEqualTo(messages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void thePagesHaveNoFaultsOfAccessibility(String scheme) throws Exception {
        String axe = NodeScripts.installed("axe-core/axe.min.js");
        kim.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        EventClient lee = join("axe", "Lee");
        ChatPage.open(kim, page("axe,second"), "Kim");
        say(lee, "axe", "hello http://example.org");
        await().until(() -> texts(kim, ".badge").contains("1"));
        assertThat(violations(axe)).isEmpty();
        kim.findElement(By.cssSelector("[data-room=axe]")).click();
        send(kim, "hi");
        awaitText(kim, "#messages .mine .body", "hi");
        assertThat(violations(axe)).isEmpty();
        kim.findElement(By.cssSelector("summary")).click();
        kim.findElement(By.cssSelector("#language option[value=ko]")).click();
        awaitText(kim, "#status-text", "연결됨");
        assertThat(violations(axe)).isEmpty();
        kim.get(war.url() + "transports.html");
        await().until(() -> texts(kim, "section[data-state=open]").size() >= 4);
        assertThat(violations(axe)).isEmpty();
    }

    private List<?> violations(String axe) {
        Object found = kim.executeAsyncScript(axe + """
                ;const done = arguments[arguments.length - 1];
                axe.run().then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
                  nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 120) + failureSummary))));
                """);
        return (List<?>) found;
    }

    @Test
    void scriptsInMessagesOfTheHistoryAreShownAsText() {
        String script = "<img src=x onerror=\"document.title='run'\">";
        EventClient mallory = join("scripts", "Mallory");
        mallory.send("{\"name\":\"message\",\"data\":{\"room\":\"scripts\",\"text\":" + Json.write(script)
                        + ",\"nick\":{\"a\":1},\"type\":[],\"from\":7}}")
                .next("message");
        mallory.send("{\"name\":\"message\",\"data\":{\"room\":\"scripts\",\"text\":{\"a\":1}}}")
                .next("message");
        mallory.close();
        ChatPage.open(kim, page("scripts"), "Kim");
        awaitText(kim, "#messages .body", script);
        awaitText(kim, "#messages .body", "{\"a\":1}");
        awaitState(kim, "open");
        assertThat(kim.findElements(By.cssSelector("#messages img"))).isEmpty();
    }
}
