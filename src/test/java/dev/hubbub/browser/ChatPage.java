package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/** What a user does on the chat page, and sees there. */
final class ChatPage {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ChatPage() {}

    /** Opens the page with nothing in the browser's storage but a nick, and waits until the user is a member. */
    static void open(ChromeDriver browser, URI url, String nick) {
        browser.get(url.resolve("health").toString()); // a page of the same origin without scripts
        browser.executeScript("localStorage.clear(); localStorage.setItem('nick', arguments[0])", nick);
        browser.get(url.toString());
        awaitState(browser, "open");
        await().atMost(LIMIT).until(() -> !texts(browser, "#rooms button").isEmpty());
    }

    static void awaitState(ChromeDriver browser, String state) {
        await().atMost(LIMIT)
                .until(() -> browser.findElement(By.id("status"))
                        .getDomAttribute("data-state")
                        .equals(state));
    }

    /** Reads the texts in one script, because the page may be redrawn between two commands of the driver. */
    @SuppressWarnings("unchecked")
    static List<String> texts(ChromeDriver browser, String css) {
        return (List<String>) browser.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", css);
    }

    static void awaitText(ChromeDriver browser, String css, String text) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(texts(browser, css)).contains(text));
    }

    /** Notes of one moment are one line. */
    static void awaitNote(ChromeDriver browser, String text) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(texts(browser, "#messages .note")).anyMatch(note -> note.contains(text)));
    }

    static void send(ChromeDriver browser, String text) {
        browser.findElement(By.id("text")).sendKeys(text, Keys.ENTER);
    }
}
