package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.NodeTutorial;
import dev.hubbub.client.SocketIoSuite;
import dev.hubbub.client.StreamClient;
import dev.hubbub.client.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneIT extends SocketIoSuite {
    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        war = WarProcess.start("-Dhubbub.trusted-proxies=127.0.0.1", "-Dhubbub.compression=true");
        war.url();
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    @Override
    protected URI url() {
        return war.url();
    }

    @Override
    protected boolean compresses() {
        return true;
    }

    @Test
    void whereCompressionIsSwitchedOnLongEventsAreCompressed() throws Exception {
        NodeTutorial.deflate(events(war));
        assertThat(war.output).anyMatch(line -> line.contains("sent to by TyrusConnection"));
    }

    @Test
    void whoDoesNotAnswerACloseFrameIsEndedAllTheSame() throws IOException {
        try (Socket silent = closedByTheServer()) {
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void listensOnLoopbackAndSaysWhere() {
        assertThat(url().getHost()).isEqualTo("127.0.0.1");
        assertThat(war.output)
                .contains("Hubbub is at " + url() + "  (WebSocket: "
                        + url().toString().replace("http", "ws") + "events)");
    }

    @Test
    void logsWhoComesAndGoesForTheCurious() throws Exception {
        try (WarProcess own = WarProcess.start(
                "-Dhubbub.trusted-proxies=127.0.0.1",
                "-Djava.util.logging.config.file=" + Path.of("src/test/resources/logging-debug.properties"))) {
            EventClient kim = EventClient.connect(events(own), "X-Forwarded-For", "1.1.1.1, 203.0.113.9");
            String who = kim.id() + " (203.0.113.9)";
            await().until(() -> own.output.stream().anyMatch(line -> line.contains(who + " connected")));
            kim.close();
            await().until(() -> own.output.stream().anyMatch(line -> line.contains(who + " disconnected: 1000")));
        }
    }

    @Test
    void pathsOutsideOfThePageAreNotServed() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (String path :
                List.of("nothing", "dev/hubbub/Hub.class", "../dev/hubbub/Hub.class", "%2e%2e/services", "META-INF/")) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url() + path)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void sigtermSaysGoodbyeWith1012() throws Exception {
        try (WarProcess own = WarProcess.start();
                StreamClient lee = new StreamClient(own.url().resolve("events/sse?room=lobby"), "")) {
            lee.next("hello");
            EventClient kim = EventClient.connect(events(own));
            kim.send("{\"name\":\"join\"}").next("hello");
            int status = own.terminate();
            kim.awaitClose(1012);
            assertThat(lee.next("close").data()).contains("\"code\":1012");
            assertThat(kim.closeReason).isEqualTo("The server restarts");
            assertThat(status).isEqualTo(143);
            assertThat(own.output).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    void whoAnswersNoPingIsEndedInTimeAndOthersAreNot() throws Exception {
        try (WarProcess own = quickHeart();
                EventClient alive = EventClient.connect(events(own));
                Socket silent = new Socket(own.url().getHost(), own.url().getPort())) {
            String request = "GET /events HTTP/1.1\r\nHost: " + own.url().getAuthority()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            silent.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> own.output.stream().anyMatch(line -> line.endsWith("1001 No answer to a ping")));
            assertThat(own.output.stream().filter(line -> line.contains("Closing")))
                    .hasSize(1);
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().readAllBytes()).isNotEmpty(); // up to the end: the socket is closed
            alive.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    @Test
    void aClientBehindAProxyThatGoesSilentLeavesItsRoomInTime() throws Exception {
        try (WarProcess own = quickHeart();
                TestProxy proxy = new TestProxy(own.url().getPort());
                EventClient watcher = EventClient.connect(events(own))) {
            watcher.join("lobby");
            EventClient kim = EventClient.connect(URI.create("ws://127.0.0.1:" + proxy.port() + "/events"));
            kim.join("lobby");
            watcher.next("joined");
            proxy.fallSilent();
            assertThat(watcher.next("left").data().string("id")).isEqualTo(kim.id());
            watcher.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    @Test
    void aProcessThatIsStoppedLeavesItsRoomInTime() throws Exception {
        try (WarProcess own = quickHeart();
                EventClient watcher = EventClient.connect(events(own))) {
            watcher.join("lobby");
            Process node = NodeTutorial.start("join.mjs", events(own).toString(), "lobby");
            try {
                watcher.next("joined");
                assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(node.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                watcher.next("left");
            } finally {
                node.destroyForcibly();
            }
        }
    }

    private static WarProcess quickHeart() throws IOException {
        return WarProcess.start("-Dhubbub.heartbeat=300", "-Dhubbub.heartbeat-timeout=300");
    }

    private static URI events(WarProcess war) {
        return URI.create(war.url().toString().replace("http", "ws") + "events");
    }

    @Test
    void aProxyIsToldWhoseSessionItIs() throws Exception {
        try (WarProcess own = WarProcess.start("-Dhubbub.sticky-cookie=io")) {
            for (String door : List.of("events/poll", "events/sse", "socket.io/?EIO=4&transport=polling")) {
                HttpRequest request =
                        HttpRequest.newBuilder(own.url().resolve(door)).build();
                HttpResponse<InputStream> begun =
                        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
                assertThat(begun.headers().firstValue("Set-Cookie").orElse(""))
                        .as(door)
                        .matches("io=[\\w-]{16}; Path=/; HttpOnly; SameSite=Lax");
                begun.body().close();
            }
        }
    }

    @Test
    void sessionsThatAreBegunAndNotGoneOnWithAreBounded() throws Exception {
        try (WarProcess own = WarProcess.start();
                EventClient kim = EventClient.connect(events(own))) {
            for (String door : List.of("events/poll", "socket.io/?EIO=4&transport=polling")) {
                HttpRequest request =
                        HttpRequest.newBuilder(own.url().resolve(door)).build();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                for (int i = 0; i < 100; i++) {
                    List<CompletableFuture<Integer>> statuses = Stream.generate(
                                    () -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                                            .thenApply(HttpResponse::statusCode))
                            .limit(100)
                            .toList();
                    statuses.forEach(status -> assertThat(status.join()).isEqualTo(200));
                }
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(503);
            }
            kim.send("{\"name\":\"ping\"}").next("pong");
        }
    }

    @Test
    void handlersOfAJarAreUsed(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("auction.jar");
        ShrinkWrap.create(JavaArchive.class)
                .addClasses(Auction.class, Auction.Bid.class)
                .as(ZipExporter.class)
                .exportTo(jar.toFile());
        try (WarProcess own = new WarProcess(List.of(), "--port=0", "--handlers", jar.toString());
                EventClient kim = EventClient.connect(events(own))) {
            kim.send("{\"name\":\"bid\",\"data\":{\"lot\":\"7\",\"amount\":5},\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo("{\"lot\":\"7\",\"amount\":6}");
        }
    }

    @Test
    void aWrongHandlerSettingOrPortStopsTheStartAndSaysWhy(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("wrong.jar");
        ShrinkWrap.create(JavaArchive.class)
                .addClass(WrongHandler.class)
                .as(ZipExporter.class)
                .exportTo(jar.toFile());
        assertFails(
                List.of(),
                "dev.hubbub.standalone.WrongHandler.bid has two parameters",
                "--port=0",
                "--handlers=" + jar);
        assertFails(List.of("-Dhubbub.max-payload=x"), "hubbub.max-payload is \"x\"", "--port=0");
        assertFails(List.of("-Djava.io.tmpdir=/nowhere"), "-Djava.io.tmpdir=FOLDER names another place", "--port=0");
        assertFails(List.of(), "is not to be had", "--port=" + url().getPort());
        assertFails(List.of(), "Unknown option --prot", "--prot");
    }

    private static void assertFails(List<String> options, String message, String... arguments) throws Exception {
        try (WarProcess own = new WarProcess(options, arguments)) {
            assertThat(own.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(own.process.exitValue()).isPositive();
            await().untilAsserted(() -> assertThat(own.output).anyMatch(line -> line.contains(message)));
        }
    }

    @Test
    void helpListsOptionsAndSettings() throws Exception {
        try (WarProcess own = new WarProcess(List.of(), "--help")) {
            assertThat(own.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(own.process.exitValue()).isZero();
            await().untilAsserted(() ->
                    assertThat(String.join("\n", own.output)).contains("--port PORT", "-Dhubbub.max-payload=65536"));
        }
    }

    @Test
    void theWarHoldsNoContainerInItsLib() throws Exception {
        try (var files = new java.util.zip.ZipFile(System.getProperty("hubbub.war"))) {
            assertThat(files.stream().map(entry -> entry.getName()).filter(name -> name.startsWith("WEB-INF/lib/")))
                    .noneMatch(name -> name.matches(".*(tyrus|grizzly|servlet|websocket|cdi).*"))
                    .anyMatch(name -> name.matches(".*/hubbub-.*\\.jar"));
        }
        assertThat(Files.size(Path.of(System.getProperty("hubbub.war")))).isLessThan(6_000_000);
    }
}
