package dev.hubbub.browser;

import static dev.hubbub.browser.ChatPage.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.Tools;
import dev.hubbub.standalone.WarProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;

/** The admin page in Chromium. */
class AdminPageIT {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @Test
    void anOperatorLogsInFindsAClientAndClosesIt() throws Exception {
        Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        String axe = NodeScripts.installed("axe-core/axe.min.js");
        try (WarProcess war = WarProcess.start("-Dhubbub.admin-key=" + KEY);
                EventClient kim = EventClient.connect(war.events()).join("lobby");
                EventClient lee = EventClient.connect(war.events()).join("lot-7")) {
            ChromeDriver browser = Chromium.start();
            try {
                browser.get(war.url() + "admin/");
                await().until(() -> !browser.findElements(By.name("key")).isEmpty());
                assertThat(violations(browser, axe)).isEmpty();
                browser.findElement(By.name("key")).sendKeys("wrong".repeat(8));
                browser.findElement(By.name("key")).submit();
                await().until(() -> texts(browser, "#notice").get(0).contains("the key"));
                browser.findElement(By.name("key")).clear();
                browser.findElement(By.name("key")).sendKeys(KEY);
                browser.findElement(By.name("key")).submit();
                await().until(() -> texts(browser, ".card strong").contains("2"));
                assertThat(texts(browser, "#status")).containsExactly("Up");
                assertThat(violations(browser, axe)).isEmpty();

                browser.findElement(By.cssSelector("a[href='#clients']")).click();
                await().until(() -> texts(browser, "tbody a").containsAll(List.of(kim.id(), lee.id())));
                assertThat(violations(browser, axe)).isEmpty();
                browser.findElement(By.cssSelector("input[type=search]")).sendKeys("lot-7");
                browser.findElement(By.cssSelector("input[type=search]")).submit();
                await().until(() -> texts(browser, "tbody a").equals(List.of(lee.id())));
                click(browser, "tbody a");
                await().until(() -> texts(browser, "main h2").contains(lee.id()));
                click(browser, "main button.danger");
                browser.findElement(By.name("reason")).sendKeys("Please stop");
                assertThat(violations(browser, axe)).isEmpty();
                browser.findElement(By.name("reason")).submit();
                lee.awaitClose(1008);
                assertThat(lee.closeReason).isEqualTo("Please stop");
                await().until(() -> texts(browser, "tbody a").equals(List.of(kim.id())));

                browser.findElement(By.cssSelector("a[href='#rooms']")).click();
                await().until(() -> texts(browser, "tbody a").equals(List.of("lobby")));
                click(browser, "tbody a");
                await().until(() -> texts(browser, "main p.bar span").contains("0 events per second"));
                click(browser, "main section button");
                await().until(() -> texts(browser, "main section .faint").stream()
                        .anyMatch(text -> text.startsWith("0 of 0 events")));
                kim.send(EventClient.message("lobby", "hello"));
                await().until(() ->
                        texts(browser, ".watched li").stream().anyMatch(text -> text.contains("\"text\":\"hello\"")));
                await().until(() -> {
                    kim.send(EventClient.message("lobby", "more")); // the rate of one event is shown for a moment only
                    return texts(browser, "main p.bar span").stream()
                            .anyMatch(text -> text.matches("[\\d.]+ events per second") && !text.startsWith("0 "));
                });
                assertThat(violations(browser, axe)).isEmpty();
                browser.findElement(By.cssSelector("a[href='#settings']")).click();
                await().until(() -> texts(browser, "tbody td").contains("hubbub.admin-key"));
                assertThat(browser.getPageSource()).doesNotContain(KEY);
                click(browser, "button[aria-label='Change hubbub.max-rooms']");
                browser.findElement(By.name("value")).clear();
                browser.findElement(By.name("value")).sendKeys("17");
                browser.findElement(By.name("value")).submit();
                await().until(() -> texts(browser, "tbody td").containsAll(List.of("17", "operator")));
                browser.findElement(By.id("log-out")).click();
                await().until(() -> !browser.findElements(By.name("key")).isEmpty());
            } finally {
                browser.quit();
            }
        }
    }

    /** Clicks an element of a table that may be redrawn at any time. */
    private static void click(ChromeDriver browser, String css) {
        await().ignoreException(StaleElementReferenceException.class).until(() -> {
            browser.findElement(By.cssSelector(css)).click();
            return true;
        });
    }

    private static List<?> violations(ChromeDriver browser, String axe) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> browser.executeScript("return document.readyState"), "complete"::equals);
        return (List<?>) browser.executeAsyncScript(axe + """
                ;const done = arguments[arguments.length - 1];
                axe.run().then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
                  nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 120) + failureSummary))));
                """);
    }
}
