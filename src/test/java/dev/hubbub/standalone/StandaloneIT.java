package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.Http;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.RawWebSocket;
import dev.hubbub.client.SocketIoSuite;
import dev.hubbub.client.StreamClient;
import dev.hubbub.client.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol on the standalone server, and its command line. */
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
    protected boolean isCompressionEnabled() {
        return true;
    }

    @Test
    void longEventsAreCompressedIfCompressionIsEnabled() throws Exception {
        NodeScripts.deflate(war.events());
        assertThat(war.output).anyMatch(line -> line.contains("sent by TyrusWriter"));
    }

    @Test
    void aClientThatDoesNotAnswerACloseFrameIsDisconnected() throws IOException {
        try (RawWebSocket silent = closedByTheServer()) {
            assertThat(silent.in().read()).isEqualTo(-1);
        }
    }

    @Test
    void theServerListensOnLoopbackAndPrintsItsUrl() {
        assertThat(url().getHost()).isEqualTo("127.0.0.1");
        assertThat(war.output)
                .contains("Hubbub is listening at " + url() + "  (WebSocket: "
                        + url().toString().replace("http", "ws") + "events)");
    }

    @Test
    void theDebugLogNamesClientsThatConnectAndDisconnect() throws Exception {
        try (WarProcess own = WarProcess.start(
                "-Dhubbub.trusted-proxies=127.0.0.1",
                "-Djava.util.logging.config.file=" + Path.of("src/test/resources/logging-debug.properties"))) {
            EventClient kim = EventClient.connect(own.events(), "X-Forwarded-For", "1.1.1.1, 203.0.113.9");
            String client = kim.id() + " (203.0.113.9)";
            await().until(() -> own.output.stream().anyMatch(line -> line.contains(client + " connected")));
            kim.close();
            await().until(() -> own.output.stream().anyMatch(line -> line.contains(client + " disconnected: 1000")));
        }
    }

    @Test
    void onlyStaticFilesAreServed() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (String path :
                List.of("nothing", "dev/hubbub/Hub.class", "../dev/hubbub/Hub.class", "%2e%2e/services", "META-INF/")) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url() + path)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void sigtermClosesClientsWith1012() throws Exception {
        try (WarProcess own = WarProcess.start();
                StreamClient lee = new StreamClient(own.url().resolve("events/sse?room=lobby"), "")) {
            lee.next("hello");
            EventClient kim = EventClient.connect(own.events());
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
    void aClientThatDoesNotAnswerPingsIsDisconnectedAndOthersAreNot() throws Exception {
        try (WarProcess own = withFastHeartbeat();
                EventClient alive = EventClient.connect(own.events());
                RawWebSocket silent = RawWebSocket.open(own.url(), "events")) {
            await().until(() -> own.output.stream().anyMatch(line -> line.endsWith("1001 No answer to a ping")));
            assertThat(own.output.stream().filter(line -> line.contains("Closing")))
                    .hasSize(1);
            assertThat(silent.in().readAllBytes()).isNotEmpty(); // returns when the server closes the socket
            alive.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    @Test
    void aClientBehindASilentProxyLeavesItsRoom() throws Exception {
        try (WarProcess own = withFastHeartbeat();
                TestProxy proxy = new TestProxy(own.url().getPort());
                EventClient observer = EventClient.connect(own.events())) {
            observer.join("lobby");
            EventClient kim = EventClient.connect(URI.create("ws://127.0.0.1:" + proxy.port() + "/events"));
            kim.join("lobby");
            observer.next("joined");
            proxy.goSilent();
            assertThat(observer.next("left").data().string("id")).isEqualTo(kim.id());
            observer.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    @Test
    void aSuspendedClientProcessLeavesItsRoom() throws Exception {
        try (WarProcess own = withFastHeartbeat();
                EventClient observer = EventClient.connect(own.events())) {
            observer.join("lobby");
            Process node = NodeScripts.start("join.mjs", own.events().toString(), "lobby");
            try {
                observer.next("joined");
                assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(node.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                observer.next("left");
            } finally {
                node.destroyForcibly();
            }
        }
    }

    private static WarProcess withFastHeartbeat() throws IOException {
        return WarProcess.start("-Dhubbub.heartbeat=300", "-Dhubbub.heartbeat-timeout=300");
    }

    @Test
    void theFirstResponseOfASessionSetsTheStickyCookie() throws Exception {
        List<String> proxied = List.of("X-Forwarded-Proto", "https", "X-Forwarded-Prefix", "/chat/");
        try (WarProcess own = WarProcess.start("-Dhubbub.sticky-cookie=io")) {
            for (String path : List.of("events/poll", "events/sse", "socket.io/?EIO=4&transport=polling")) {
                assertThat(cookie(own, path, List.of()))
                        .as(path)
                        .matches("io=[\\w-]{16}; Path=/; HttpOnly; SameSite=Lax");
                assertThat(cookie(own, path, proxied))
                        .as("the proxy is not trusted")
                        .endsWith("; Path=/; HttpOnly; SameSite=Lax");
            }
        }
        try (WarProcess own = WarProcess.start("-Dhubbub.sticky-cookie=io", "-Dhubbub.trusted-proxies=127.0.0.1")) {
            assertThat(cookie(own, "events/poll", proxied)).endsWith("; Path=/chat/; HttpOnly; SameSite=None; Secure");
            assertThat(cookie(own, "events/poll", List.of("X-Forwarded-Prefix", "/a;Domain=evil")))
                    .endsWith("; Path=/; HttpOnly; SameSite=Lax");
        }
    }

    private static String cookie(WarProcess own, String path, List<String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(own.url().resolve(path));
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        HttpResponse<InputStream> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        response.body().close();
        return response.headers().firstValue("Set-Cookie").orElse("");
    }

    @Test
    void abandonedSessionsAreBounded() throws Exception {
        // No session ends by itself meanwhile, however long that takes, and only the number of unused sessions is
        // limited.
        try (WarProcess own = WarProcess.start(
                        "-Dhubbub.heartbeat=3600000",
                        "-Dhubbub.max-connections=100000",
                        "-Dhubbub.admissions-per-second=1000000");
                EventClient kim = EventClient.connect(own.events())) {
            for (String path : List.of("events/poll", "socket.io/?EIO=4&transport=polling")) {
                HttpRequest request =
                        HttpRequest.newBuilder(own.url().resolve(path)).build();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                int opened = 0;
                for (int i = 0; i < 100; i++) {
                    List<CompletableFuture<Integer>> statuses = Stream.generate(
                                    () -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                                            .thenApply(HttpResponse::statusCode))
                            .limit(100)
                            .toList();
                    for (CompletableFuture<Integer> status : statuses) {
                        assertThat(status.join()).isIn(200, 503);
                        opened += status.join() == 200 ? 1 : 0;
                    }
                }
                // The JDK's client repeats a request whose connection was closed, perhaps after it was handled.
                assertThat(opened).isBetween(9_900, 10_000);
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(503);
            }
            kim.send("{\"name\":\"ping\"}").next("pong");
        }
    }

    /** The sessions of one address whose clients have not come back are bounded, and do not keep others out. */
    @Test
    void anAddressCanHaveOnlySomePollingSessionsThatItDoesNotUse() throws Exception {
        try (WarProcess own = WarProcess.start(
                "-Dhubbub.trusted-proxies=127.0.0.1",
                "-Dhubbub.max-connections-per-address=1000",
                "-Dhubbub.handshakes-per-second=1000",
                "-Dhubbub.heartbeat=3600000")) {
            String first = openPoll(own, "203.0.113.40").body();
            for (int i = 1; i < 100; i++) {
                assertThat(openPoll(own, "203.0.113.40").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> tooMany = openPoll(own, "203.0.113.40");
            assertThat(tooMany.statusCode()).isEqualTo(429);
            assertThat(tooMany.body()).contains("rate-limited");
            assertThat(openPoll(own, "203.0.113.41").statusCode()).isEqualTo(200);
            String session = first.replaceAll("(?s).*\"session\":\"([^\"]+)\".*", "$1");
            for (int i = 0; i < 2; i++) { // of which the second shows that the answers arrive
                Http.get(own.url().resolve("events/poll?wait=1&after=0"), "Hubbub-Session", session);
            }
            assertThat(openPoll(own, "203.0.113.40").statusCode()).isEqualTo(200);
            assertThat(openPoll(own, "203.0.113.40").statusCode()).isEqualTo(429);
        }
    }

    private static HttpResponse<String> openPoll(WarProcess server, String address) throws Exception {
        return Http.get(server.url().resolve("events/poll"), "X-Forwarded-For", address);
    }

    @Test
    void handlersAreLoadedFromAJar(@TempDir Path folder) throws Exception {
        Path jar = HubbubWar.handlersJar(folder, "auction.jar", Auction.class, Auction.Bid.class);
        try (WarProcess own = new WarProcess(List.of(), "--port=0", "--handlers", jar.toString());
                EventClient kim = EventClient.connect(own.events())) {
            kim.send("{\"name\":\"bid\",\"data\":{\"lot\":\"7\",\"amount\":5},\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo("{\"lot\":\"7\",\"amount\":6}");
        }
    }

    @Test
    void aHandlersJarCanHavePages(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("pages.jar");
        ShrinkWrap.create(JavaArchive.class)
                .addAsResource(new StringAsset("own index"), "META-INF/resources/index.html")
                .addAsResource(new StringAsset("own style"), "META-INF/resources/shop/style.css")
                .as(ZipExporter.class)
                .exportTo(jar.toFile());
        try (WarProcess own = new WarProcess(List.of(), "--port=0", "--handlers", jar.toString())) {
            assertThat(get(own, "").body()).isEqualTo("own index");
            assertThat(get(own, "shop/style.css").body()).isEqualTo("own style");
            assertThat(get(own, "transports.html").statusCode()).isEqualTo(200);
            assertThat(get(own, "hubbub.js").body()).contains("export function connect");
            assertThat(own.output).anyMatch(line -> line.contains(jar + " has no class with @EventHandlers"));
        }
        List<String> off = List.of("-Dhubbub.pages=false");
        try (WarProcess own = new WarProcess(off, "--port=0", "--handlers", jar.toString())) {
            assertThat(get(own, "").body()).isEqualTo("own index");
            assertThat(get(own, "transports.html").statusCode()).isEqualTo(404);
            assertThat(get(own, "hubbub.js").statusCode()).isEqualTo(200);
        }
        Path text = Files.writeString(folder.resolve("app.jar"), "this is no jar");
        assertFails(List.of(), text + " is not a jar", "--port=0", "--handlers=" + text);
        assertFails(List.of(), folder + " is not a jar", "--port=0", "--handlers=" + folder);
    }

    private static HttpResponse<String> get(WarProcess own, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(own.url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aWrongHandlerSettingOrPortPreventsTheStartWithAMessage(@TempDir Path folder) throws Exception {
        Path jar = HubbubWar.handlersJar(folder, "wrong.jar", WrongHandler.class);
        assertFails(
                List.of(),
                "dev.hubbub.standalone.WrongHandler.bid has two parameters",
                "--port=0",
                "--handlers=" + jar);
        assertFails(List.of("-Dhubbub.max-payload=x"), "hubbub.max-payload is \"x\"", "--port=0");
        assertFails(List.of("-Djava.io.tmpdir=/nowhere"), "by -Djava.io.tmpdir=FOLDER", "--port=0");
        assertFails(List.of(), "is unavailable", "--port=" + url().getPort());
        assertFails(List.of(), "Unknown option --prot", "--prot");
        assertFails(List.of(), "--host: no.such.host.invalid is unknown", "--port=0", "--host", "no.such.host.invalid");
        Path junk = Files.writeString(folder.resolve("junk.jar"), "junk");
        assertFails(List.of(), "junk.jar is not a jar", "--port=0", "--handlers", junk.toString());
    }

    /** Otherwise any page could act as the visitor whose cookies the browser sends. */
    @Test
    void allOriginsAreAllowedWithoutCredentialsOnlyAndWithAWarning() throws Exception {
        try (WarProcess own = WarProcess.start("-Dhubbub.allowed-origins=*")) {
            HandshakeProbe poll = HandshakeProbe.request(
                    own.url(), "GET", "events/poll?room=a", "", "Origin", "https://other.example");
            assertThat(poll.status()).isEqualTo(200);
            assertThat(poll.header("Access-Control-Allow-Origin")).isNotEmpty();
            assertThat(poll.header("Access-Control-Allow-Credentials")).isEmpty();
            assertThat(own.output).anyMatch(line -> line.contains("hubbub.allowed-origins contains *"));
        }
    }

    @Test
    void theLogNamesVariablesThatAreNoSettings() throws Exception {
        try (WarProcess own = WarProcess.start(Map.of("HUBBUB_HARTBEAT", "20000", "HUBBUB_SERVICE_HOST", "10.0.0.1"))) {
            assertThat(own.url()).isNotNull();
            assertThat(own.output)
                    .anyMatch(line -> line.contains("Unknown settings: HUBBUB_HARTBEAT (environment)"))
                    .noneMatch(line -> line.contains("SERVICE_HOST"));
        }
    }

    private static void assertFails(List<String> options, String message, String... arguments) throws Exception {
        try (WarProcess own = new WarProcess(options, arguments)) {
            assertThat(own.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(own.process.exitValue()).isPositive();
            await().untilAsserted(() -> assertThat(own.output).anyMatch(line -> line.contains(message)));
        }
    }

    @Test
    void theHelpListsOptionsAndSettings() throws Exception {
        try (WarProcess own = new WarProcess(List.of(), "--help")) {
            assertThat(own.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(own.process.exitValue()).isZero();
            await().untilAsserted(() ->
                    assertThat(String.join("\n", own.output)).contains("--port PORT", "-Dhubbub.max-payload=65536"));
        }
    }

    @Test
    void theWarHasNoContainerInItsLib() throws Exception {
        try (var files = new ZipFile(System.getProperty("hubbub.war"))) {
            assertThat(files.stream().map(entry -> entry.getName()).filter(name -> name.startsWith("WEB-INF/lib/")))
                    .noneMatch(name -> name.matches(".*(tyrus|grizzly|servlet|websocket|cdi).*"))
                    .anyMatch(name -> name.matches(".*/hubbub-.*\\.jar"));
        }
        assertThat(Files.size(Path.of(System.getProperty("hubbub.war")))).isLessThan(10_000_000);
    }
}
