package dev.hubbub.browser;

import dev.hubbub.client.Tools;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A headless Chromium. */
public final class Chromium {
    private Chromium() {}

    /** @param more options beside those of all tests */
    public static ChromeDriver start(String... more) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome")
                .toFile());
        options.setAcceptInsecureCerts(true); // the certificates of the tests are self-signed
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--lang=en-US",
                "--window-size=1200,800");
        options.addArguments(more);
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(
                                Tools.need("ChromeDriver", "chromedriver").toFile())
                        .build(),
                options);
    }
}
