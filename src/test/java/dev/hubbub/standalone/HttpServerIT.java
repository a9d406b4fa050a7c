package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.Http;
import dev.hubbub.client.StreamClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as the standalone server speaks it: time-outs of connections, static files, bodies in chunks, paths and queries. */
class HttpServerIT {
    private static final long KEEP_ALIVE_MILLIS = 1_500;

    private static WarProcess war;

    @BeforeAll
    static void start() throws IOException {
        war = WarProcess.start("-Dhubbub.request-timeout=1000", "-Dhubbub.keep-alive-timeout=" + KEEP_ALIVE_MILLIS);
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    private static URI url() {
        return war.url();
    }

    private static Socket open(String bytes) throws IOException {
        Socket socket = new Socket(url().getHost(), url().getPort());
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** What the server sends until it closes the connection. */
    private static String exchange(String bytes) throws IOException {
        try (Socket socket = open(bytes)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + url().getAuthority() + "\r\n" + String.join("", headers)
                + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /hea", "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "})
    void aConnectionWhoseRequestDoesNotArriveIsClosed(String part) throws IOException {
        assertThat(exchange(part)).isEmpty();
    }

    /** One byte at a time does not keep it open. */
    @Test
    void aRequestThatArrivesTooSlowlyIsClosed() throws Exception {
        try (Socket socket = open("GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")) {
            socket.setSoTimeout(100);
            InputStream in = socket.getInputStream();
            int read = 0;
            for (int i = 0; i < 100 && read == 0; i++) {
                try {
                    socket.getOutputStream().write('x');
                    read = in.read();
                } catch (SocketTimeoutException waiting) {
                    continue;
                } catch (IOException reset) {
                    read = -1;
                }
            }
            assertThat(read).isEqualTo(-1);
        }
    }

    @Test
    void aConnectionIsClosedSomeTimeAfterItsLastResponse() throws IOException {
        long start = System.nanoTime();
        assertThat(exchange(get("/health"))).startsWith("HTTP/1.1 200");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(KEEP_ALIVE_MILLIS));
        String part = exchange(get("/health") + "GET /health HT");
        assertThat(part).startsWith("HTTP/1.1 200").doesNotContain("HTTP/1.1 4");
    }

    /** The session of a new client that polls. */
    private static String session(String room) throws IOException, InterruptedException {
        String connected = Http.get(url().resolve("events/poll?room=" + room)).body();
        return connected.split("\"session\":\"")[1].split("\"")[0];
    }

    @Test
    void webSocketsEventStreamsAndPollsOutlastTheTimeouts() throws Exception {
        try (EventClient client = EventClient.connect(war.events()).join("lobby");
                StreamClient stream = new StreamClient(url().resolve("events/sse?room=lobby"), "")) {
            stream.next("hello");
            String session = session("other");
            CompletableFuture<HttpResponse<String>> poll = CompletableFuture.supplyAsync(() -> {
                try {
                    return Http.get(
                            url().resolve("events/poll?after=100&wait=" + 3 * KEEP_ALIVE_MILLIS),
                            "Hubbub-Session",
                            session);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(poll.join().statusCode()).isEqualTo(200);
            client.send(EventClient.message("lobby", "still here")).next("message");
            assertThat(stream.next("message").data()).contains("still here");
        }
    }

    @Test
    void refusedUpgradesAreClosed() throws IOException {
        String upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
        String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        String version = "Sec-WebSocket-Version: 13\r\n";
        for (String refused : List.of(
                get("/events", upgrade, version),
                get("/events", upgrade, key, "Sec-WebSocket-Version: 8\r\n"),
                get("/events", upgrade, key, version, "Origin: http://evil.example\r\n"),
                get("/events", "Upgrade: websocket\r\n", key, version),
                get("/socket.io/?EIO=4&transport=websocket", upgrade, key, version, "Origin: http://evil.example\r\n"),
                get("/socket.io/?EIO=4&transport=websocket&sid=nobody", upgrade, key, version))) {
            long start = System.nanoTime();
            assertThat(exchange(refused)).as(refused).matches("(?s)HTTP/1.1 4\\d\\d .*");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(KEEP_ALIVE_MILLIS));
        }
    }

    @Test
    void theHeadersOfAFileCanBeAskedFor() throws IOException {
        String both = exchange("HEAD /hubbub.js HTTP/1.1\r\nHost: " + url().getAuthority() + "\r\n\r\n"
                + get("/health", "Connection: close\r\n"));
        assertThat(both.split("HTTP/1.1 ")).hasSize(3);
        assertThat(both).startsWith("HTTP/1.1 200").contains("\r\nContent-Length: ", "\r\nETag: ");
    }

    @Test
    void entityTagsAreComparedWeakly() throws Exception {
        for (String file : List.of("hubbub.js", "")) {
            HttpResponse<String> response = Http.get(url().resolve(file));
            String tag = response.headers().firstValue("ETag").orElseThrow();
            for (String condition : List.of(tag, "W/" + tag, "\"other\", W/" + tag, "*")) {
                assertThat(Http.get(url().resolve(file), "If-None-Match", condition)
                                .statusCode())
                        .as(condition)
                        .isEqualTo(304);
            }
            assertThat(Http.get(url().resolve(file), "If-None-Match", "\"other\"")
                            .body())
                    .isEqualTo(response.body());
        }
    }

    @Test
    void whatDoesNotExistOrCannotBeDoneIsAnsweredBriefly() throws Exception {
        for (String path : List.of("/nothing", "/hubbub.js/nothing", "/chat/..%2f..", "/META-INF/")) {
            HandshakeProbe probe = HandshakeProbe.request(url(), "GET", path.substring(1), "");
            assertThat(probe.status()).as(path).isIn(400, 404);
            assertThat(probe.body()).hasSizeLessThan(200).doesNotContain("Grizzly");
        }
        HandshakeProbe post = HandshakeProbe.request(url(), "POST", "hubbub.js", "x");
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(post.body()).hasSizeLessThan(200).doesNotContain("Grizzly");
        assertThat(HandshakeProbe.request(url(), "GET", "a%2Fb", "").status()).isEqualTo(400);
    }

    /** RFC 9112, sections 7.1.1 and 7.1.2. */
    @Test
    void extensionsAndTrailersOfChunksAreIgnored() throws Exception {
        String head = "POST /events/send HTTP/1.1\r\nHost: " + url().getAuthority() + "\r\nHubbub-Session: "
                + session("chunks") + "\r\nTransfer-Encoding: chunked\r\n\r\n";
        String answers = exchange(head
                + "5;a=b\r\n{\"nam\r\n2 ; q=\"x\"\r\ne\"\r\n1\r\n:\r\n6\r\n\"ping\"\r\n1\r\n}\r\n0;last\r\nTrailer: x\r\n\r\n"
                + get("/health", "Connection: close\r\n"));
        assertThat(answers).startsWith("HTTP/1.1 20").contains("\"status\":\"up\"");
        for (String invalid :
                List.of("5\n{\"nam\n0\n\n", "x\r\n", ";\r\n", "5\r\n{\"name\"", "fffffffffffffffff\r\n")) {
            assertThat(exchange(head + invalid)).as(invalid).startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"café", "한국", "日本", "😀", "a+b c", "a&b=c", "100%", "a/b"})
    void roomsAndNicksMayHaveAnyAlphabet(String word) throws Exception {
        String encoded = URLEncoder.encode(word, StandardCharsets.UTF_8);
        assertThat(Http.get(url().resolve("events/poll?room=" + encoded + "&nick=" + encoded))
                        .body())
                .contains("\"room\":\"" + word + "\"", "\"nick\":\"" + word + "\"");
    }

    @Test
    void aPathMayHaveASessionId() throws IOException {
        HandshakeProbe probe = HandshakeProbe.webSocket(url(), "events;jsessionid=0123456789ABCDEF");
        assertThat(probe.status()).isEqualTo(101);
    }
}
