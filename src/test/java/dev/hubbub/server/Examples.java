package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.browser.Chromium;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.docs.Sources;
import dev.hubbub.standalone.WarProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;

/** The examples in Chromium, as their READMEs run them. Screenshots are left in target/examples. */
abstract class Examples {
    private static final Path SHOTS = Path.of("target/examples");
    private static final byte[] GIF = Base64.getDecoder().decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=");

    @TempDir
    Path folder;

    private final List<ChromeDriver> browsers = new ArrayList<>();

    @AfterEach
    final void closeBrowsers() {
        browsers.forEach(ChromeDriver::quit);
        browsers.clear();
    }

    private ChromeDriver open(URI url) {
        ChromeDriver browser = Chromium.start();
        browsers.add(browser);
        browser.get(url.toString());
        return browser;
    }

    private static void shoot(ChromeDriver browser, String name) throws IOException {
        Files.createDirectories(SHOTS);
        Files.write(SHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    /** Reads the text in one script, because the page may be redrawn between two commands of the driver. */
    private static String text(ChromeDriver browser, String css) {
        return (String) browser.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText).join(' | ')", css);
    }

    private static void awaitText(ChromeDriver browser, String css, String text) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(text(browser, css)).contains(text));
    }

    private static void type(ChromeDriver browser, String css, String text) {
        browser.findElement(By.cssSelector(css)).sendKeys(text);
    }

    /** Compiles the main classes of an example. */
    private Path classes(String example) throws IOException {
        Path classes = folder.resolve(example);
        Sources.compile(Path.of("src/examples", example, "src/main/java"), classes);
        return classes;
    }

    /** The jar of an example, for {@code --handlers}. */
    final WarProcess standalone(String example) throws IOException {
        Path jar = folder.resolve(example + ".jar");
        jar(example).as(ZipExporter.class).exportTo(jar.toFile());
        return new WarProcess(List.of(), "--port", "0", "--handlers", jar.toString());
    }

    private JavaArchive jar(String example) throws IOException {
        return ShrinkWrap.create(ExplodedImporter.class, example + ".jar")
                .importDirectory(classes(example).toFile())
                .importDirectory(
                        Path.of("src/examples", example, "src/main/resources").toFile())
                .as(JavaArchive.class);
    }

    /** The same jar in Hubbub's WAR, for a container. */
    final WebArchive war(String example) throws IOException {
        return HubbubWar.create(example + ".war").addAsLibrary(jar(example)).setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <context-param>
                            <param-name>hubbub.pages</param-name>
                            <param-value>false</param-value>
                          </context-param>
                        </web-app>
                        """));
    }

    final Path file(WebArchive war) {
        Path file = folder.resolve("for-a-container-" + war.getName());
        war.as(ZipExporter.class).exportTo(file.toFile());
        return file;
    }

    /** The WAR of the GIF chat: its classes and pages, and the libraries of Hubbub. */
    final Path gifChat() throws IOException {
        WebArchive hubbub = ShrinkWrap.create(ZipImporter.class)
                .importFrom(TomcatProcess.WAR.toFile())
                .as(WebArchive.class);
        WebArchive war = ShrinkWrap.create(ExplodedImporter.class, "gif-chat.war")
                .importDirectory(
                        Path.of("src/examples/gif-chat/src/main/webapp").toFile())
                .as(WebArchive.class);
        hubbub.getContent(path ->
                        path.get().startsWith("/WEB-INF/lib/") && path.get().endsWith(".jar"))
                .forEach((path, node) -> war.add(node.getAsset(), path));
        JavaArchive classes = ShrinkWrap.create(ExplodedImporter.class, "classes.jar")
                .importDirectory(classes("gif-chat").toFile())
                .as(JavaArchive.class);
        war.merge(classes, "/WEB-INF/classes");
        Path file = folder.resolve("gif-chat.war");
        war.as(ZipExporter.class).exportTo(file.toFile());
        return file;
    }

    final void prices(URI url) throws IOException {
        ChromeDriver page = open(url);
        awaitText(page, "#status", "200 symbols");
        awaitText(page, "#prices", "SYM199");
        String before = text(page, "#prices");
        await().until(() -> !text(page, "#prices").equals(before));
        assertThat(page.findElements(By.cssSelector("#prices div"))).hasSize(200);
        shoot(page, "ticker");
    }

    final void tutorial(URI url) throws IOException {
        ChromeDriver kim = open(url);
        awaitText(kim, "#messages", "님이 연결되었습니다.");
        ChromeDriver lee = open(url);
        type(lee, "#input", "안녕하세요\n");
        awaitText(kim, "#messages", ": 안녕하세요");
        awaitText(lee, "#messages", ": 안녕하세요");
        lee.quit();
        browsers.remove(lee);
        awaitText(kim, "#messages", "님의 연결이 끊어졌습니다.");
        shoot(kim, "tutorial-chat");
    }

    final void chat(URI url) throws Exception {
        ChromeDriver kim = open(url);
        ChromeDriver list = open(url);
        awaitText(kim, "#tick", "서버에서 클라이언트로 메시지를 보낸다.");
        type(kim, "[name=title]", "고양이");
        kim.findElement(By.name("max")).clear();
        type(kim, "[name=max]", "2");
        type(kim, "[name=password]", "1234");
        shoot(kim, "gif-chat-rooms");
        kim.findElement(By.cssSelector("form button")).click();
        awaitText(list, "#rooms", "고양이 (최대 2명, 비밀번호)");
        awaitText(kim, "#title", "고양이");
        type(kim, "#password input", "1234\n");
        awaitText(kim, "#chat", "님이 입장하셨습니다.");
        type(kim, "#text", "안녕\n");
        awaitText(kim, "#chat .mine", "안녕");

        ChromeDriver lee = open(URI.create(kim.getCurrentUrl()));
        awaitText(lee, "#title", "고양이");
        type(lee, "#password input", "0000\n");
        awaitText(lee, "#problem", "비밀번호가 틀렸습니다.");
        lee.findElement(By.cssSelector("#password input")).clear();
        type(lee, "#password input", "1234\n");
        awaitText(lee, "#chat", "안녕"); // the history
        Path gif = Files.write(folder.resolve("cat.gif"), GIF);
        type(lee, "#gif", gif.toString());
        await().until(
                        () -> (boolean)
                                kim.executeScript(
                                        "return [...document.querySelectorAll('#chat img')].some((image) => image.complete && image.naturalWidth > 0)"));

        list.get(kim.getCurrentUrl());
        awaitText(list, "#title", "고양이");
        type(list, "#password input", "1234\n");
        awaitText(list, "#problem", "허용 인원을 초과하였습니다.");
        shoot(kim, "gif-chat-room");
        lee.quit();
        browsers.remove(lee);
        awaitText(kim, "#chat", "님이 퇴장하셨습니다.");

        list.get(url + "nothing");
        awaitText(list, "h1", "라우터가 없습니다.");
        list.get(url.toString());
        kim.get(url.toString());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(text(list, "#rooms")).isEmpty()); // the room is empty and deleted
    }
}
