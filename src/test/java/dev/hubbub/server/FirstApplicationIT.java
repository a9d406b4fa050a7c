package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.browser.Chromium;
import dev.hubbub.docs.FirstApplication;
import dev.hubbub.docs.Sources;
import dev.hubbub.standalone.WarProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** The application of the guide {@code first-application.md} in Chromium, by {@code java -jar} and on Tomcat. */
class FirstApplicationIT {
    private static final Path HUBBUB = Path.of(System.getProperty("hubbub.war"));

    @TempDir
    private Path folder;

    private final List<ChromeDriver> browsers = new ArrayList<>();

    @AfterEach
    void closeBrowsers() {
        browsers.forEach(ChromeDriver::quit);
    }

    private ChromeDriver open(URI url) {
        ChromeDriver browser = Chromium.start();
        browsers.add(browser);
        browser.get(url.toString());
        return browser;
    }

    private static void bid(ChromeDriver browser, int amount) {
        browser.findElement(By.name("amount")).clear();
        browser.findElement(By.name("amount")).sendKeys(Integer.toString(amount));
        browser.findElement(By.tagName("button")).click();
    }

    private static void awaitText(ChromeDriver browser, String id, String text) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(browser.findElement(By.id(id)).getText()).isEqualTo(text));
    }

    private JavaArchive jar() throws IOException {
        FirstApplication.write(folder);
        Path classes = folder.resolve("target/classes");
        Sources.compile(folder.resolve("src/main/java"), classes);
        return ShrinkWrap.create(ExplodedImporter.class, "auction-1.0.jar")
                .importDirectory(classes.toFile())
                .importDirectory(folder.resolve("src/main/resources").toFile())
                .as(JavaArchive.class);
    }

    private void auction(URI url) {
        ChromeDriver kim = open(url);
        ChromeDriver lee = open(url);
        awaitText(lee, "price", "no bid yet");
        bid(kim, 12);
        awaitText(kim, "price", "12");
        awaitText(lee, "price", "12");
        bid(lee, 5);
        awaitText(lee, "problem", "The highest bid is 12");
        bid(lee, 13);
        awaitText(kim, "price", "13");
        awaitText(lee, "problem", "");
        awaitText(open(url), "price", "13");
    }

    @Test
    void theAuctionRunsByItself() throws Exception {
        Path jar = folder.resolve("auction-classes.jar");
        jar().as(ZipExporter.class).exportTo(jar.toFile());
        try (WarProcess server = new WarProcess(List.of(), "--port", "0", "--handlers", jar.toString())) {
            auction(server.url());
        }
    }

    @Test
    void theAuctionRunsOnTomcat() throws Exception {
        WebArchive hubbub =
                ShrinkWrap.create(ZipImporter.class).importFrom(HUBBUB.toFile()).as(WebArchive.class);
        WebArchive war = ShrinkWrap.create(WebArchive.class, "auction.war").addAsLibrary(jar());
        war.setWebXML(folder.resolve("src/main/webapp/WEB-INF/web.xml").toFile());
        hubbub.getContent(path -> path.get().matches("/WEB-INF/lib/.*\\.jar"))
                .forEach((path, node) -> war.add(node.getAsset(), path));
        Path file = folder.resolve("auction.war");
        war.as(ZipExporter.class).exportTo(file.toFile());
        try (TomcatProcess tomcat = new TomcatProcess(Path.of(System.getProperty("tomcat.home")), folder)) {
            tomcat.start();
            tomcat.deploy(file, "auction");
            auction(tomcat.url("/auction"));
        }
    }
}
