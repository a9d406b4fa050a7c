package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.EventDecoder;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The ways in beside WebSocket, over real sockets. The same for every server that the WAR runs on. */
public abstract class TransportSuite extends ProtocolSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // as browsers do without TLS
            .build();

    private URI http(String path) {
        return URI.create(url() + path);
    }

    private StreamClient stream(String query, String lastEventId) throws Exception {
        return new StreamClient(http("events/sse" + query), lastEventId);
    }

    private HttpResponse<String> post(String session, String event) throws Exception {
        return post(HTTP, session, event);
    }

    private HttpResponse<String> post(HttpClient http, String session, String event) throws Exception {
        return http.send(
                HttpRequest.newBuilder(http("events/send"))
                        .timeout(PATIENCE)
                        .header("Hubbub-Session", session)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /**
     * Whether a POST without TLS may offer HTTP/2. Payara and GlassFish take the offer, and now and then fail to answer:
     * a NullPointerException in Grizzly's {@code Http2ServerFilter}.
     */
    protected boolean hearsWhoOffersHttp2() {
        return true;
    }

    /** The status of an answer without a body. */
    protected int accepted() {
        return 204;
    }

    private static String message(String room, Object text) {
        return "{\"name\":\"message\",\"data\":{\"room\":\"" + room + "\",\"text\":\"" + text + "\"}}";
    }

    private static String text(String data) {
        return Data.parse(data).string("text");
    }

    @Test
    void anEventSourceHearsItsRoomsAndSpeaksByPost() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = stream("?room=sse1&room=sse2&nick=Lee", "")) {
            assertThat(lee.response.statusCode()).isEqualTo(200);
            assertThat(lee.response
                            .headers()
                            .firstValue("Content-Type")
                            .orElseThrow()
                            .replace(" ", ""))
                    .isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
            lee.next("hello", 2);
            kim.join("sse1");
            assertThat(Data.parse(lee.next("joined").data()).string("id")).isEqualTo(kim.id());
            kim.send(message("sse1", "안녕\\n😀"));
            assertThat(text(lee.next("message").data())).isEqualTo("안녕\n😀");
            kim.send("{\"name\":\"message\",\"data\":{\n\"room\":\"sse1\",\r\n\"text\":\"broken\"\n}}");
            assertThat(text(lee.next("message", 2).data())).isEqualTo("broken");

            assertThat(post(lee.session(), message("sse1", "by post")).statusCode())
                    .isEqualTo(accepted());
            assertThat(kim.next(event -> event.name().equals("message")
                            && "by post".equals(event.data().string("text"))))
                    .isNotNull();
            assertThat(text(lee.next("message", 3).data())).isEqualTo("by post");
            post(lee.session(), "{\"name\":\"echo\",\"data\":[1],\"id\":7}");
            assertThat(lee.next("ack").data()).isEqualTo("{\"id\":7,\"data\":[1]}");
        }
    }

    /** As Java's client does with its first request, {@code Upgrade: h2c}: whether a server takes that is its own affair. */
    @Test
    void whoOffersHttp2IsHeardAllTheSame() throws Exception {
        Assumptions.assumeTrue(hearsWhoOffersHttp2(), "It may break the connection");
        try (StreamClient lee = stream("?room=http2", "")) {
            HttpResponse<String> answer = post(HttpClient.newHttpClient(), lee.session(), message("http2", "hi"));
            assertThat(answer.statusCode()).isEqualTo(accepted());
            assertThat(text(lee.next("message").data())).isEqualTo("hi");
        }
    }

    @Test
    void anEventSourceThatComesBackIsSentWhatItHasMissed() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("sse-back");
            StreamClient lee = stream("?room=sse-back", "");
            lee.next("hello");
            kim.send(message("sse-back", 1));
            lee.next("message");
            lee.close();
            kim.send(message("sse-back", 2)).send(message("sse-back", 3)).untilNow();
            try (StreamClient back = stream("?room=sse-back", lee.lastEventId)) {
                assertThat(back.next("hello").data()).contains("\"recovered\":true");
                kim.send(message("sse-back", 4));
                back.next("message", 3);
                assertThat(back.all("message").stream().map(event -> text(event.data())))
                        .containsExactly("2", "3", "4");
            }
            try (StreamClient stranger = stream("?room=sse-back", "AAAAAAAAAAA.1")) {
                assertThat(stranger.next("hello").data()).contains("\"recovered\":false");
            }
        }
    }

    @Test
    void attachmentsReachAnEventSourceInBase64() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = stream("?room=sse-binary", "")) {
            lee.next("hello");
            kim.join("sse-binary");
            kim.send(EventClient.binary(message("sse-binary", "gif"), new byte[] {0, 1, (byte) 0xff}));
            assertThat(Data.parse(lee.next("message").data()).string("attachment"))
                    .isEqualTo("AAH/");
        }
    }

    @Test
    void whoClosesAnEventSourceLeavesItsRooms() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("sse-leave");
            StreamClient lee = stream("?room=sse-leave", "");
            kim.next("joined");
            lee.close();
            // The server learns of it when it writes.
            await().until(() -> {
                kim.send(message("sse-leave", "there?"));
                return kim.events.stream().anyMatch(event -> event.name().equals("left"));
            });
        }
    }

    @Test
    void eventSourcesThatVanishInTheMidstOfEventsHurtNobodyWhoComes() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("sse-vanish");
            for (int i = 0; i < 100; i++) {
                StreamClient lee = stream("?room=sse-vanish", "");
                lee.next("hello");
                kim.send(message("sse-vanish", i));
                lee.next("message");
                lee.close();
                kim.send(message("sse-vanish", "to nobody")).send(message("sse-vanish", "to nobody"));
            }
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(http(path)).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private record Polled(Event event, long n, String position) {}

    private static List<Polled> events(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<Polled> events = new ArrayList<>();
        Scanner.forEachElement(response.body(), (start, end) -> {
            String element = response.body().substring(start, end);
            String n = Scanner.member(element, "n");
            String position = Data.parse(element).string("position");
            events.add(new Polled(EventDecoder.event(element), n == null ? 0 : Long.parseLong(n), position));
        });
        return events;
    }

    private List<Polled> poll(String session, long after) throws Exception {
        return events(get("events/poll?after=" + after, "Hubbub-Session", session));
    }

    private List<Polled> pollUntil(String session, long after, String text) throws Exception {
        List<Polled> all = new ArrayList<>();
        long seen = after;
        while (all.stream().noneMatch(polled -> polled.event.data().json().contains(text))) {
            all.addAll(poll(session, seen));
            seen = all.isEmpty() ? after : all.get(all.size() - 1).n;
        }
        return all;
    }

    @Test
    void aPollerHearsEverythingOnceAlsoWhenAnAnswerIsLost() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("poll1");
            List<Polled> first = events(get("events/poll?room=poll1&nick=Lee"));
            assertThat(first.get(0).event.name()).isEqualTo("connected");
            String session = first.get(0).event.data().string("session");
            long seen = first.get(first.size() - 1).n;
            List<Polled> hello =
                    first.stream().anyMatch(polled -> polled.event.name().equals("hello"))
                            ? List.of()
                            : pollUntil(session, seen, "\"epoch\"");
            seen = hello.isEmpty() ? seen : hello.get(hello.size() - 1).n;
            assertThat(kim.next("joined").data().string("nick")).isEqualTo("Lee");
            for (int i = 0; i < 200; i++) {
                kim.send(message("poll1", "m" + i));
            }
            List<Polled> lost = poll(session, seen);
            assertThat(lost).isNotEmpty();
            List<Polled> again = pollUntil(session, seen, "\"m199\"");
            assertThat(again.subList(0, lost.size())).as("told again").isEqualTo(lost);
            assertThat(again.stream().map(polled -> polled.event.data().string("text")))
                    .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 200)
                            .mapToObj(i -> "m" + i)
                            .toList());

            long end = again.get(again.size() - 1).n;
            CompletableFuture<HttpResponse<String>> waiting = HTTP.sendAsync(
                    HttpRequest.newBuilder(http("events/poll?after=" + end))
                            .timeout(PATIENCE)
                            .header("Hubbub-Session", session)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(post(session, message("poll1", "mine")).statusCode()).isEqualTo(accepted());
            assertThat(text(events(waiting.get()).get(0).event.data().json())).isEqualTo("mine");
            assertThat(get("events/poll?wait=0&after=" + (end + 1), "Hubbub-Session", session)
                            .body())
                    .isEqualTo("[]");
        }
    }

    @Test
    void aPollThatDoesNotWaitIsAnsweredAtOnce() throws Exception {
        List<Polled> first = events(get("events/poll?room=impatient"));
        String session = first.get(0).event.data().string("session");
        long seen = first.get(first.size() - 1).n;
        for (int i = 0; i < 500; i++) {
            List<Polled> more = events(get("events/poll?wait=" + i % 5 + "&after=" + seen, "Hubbub-Session", session));
            seen = more.isEmpty() ? seen : more.get(more.size() - 1).n;
        }
    }

    @Test
    void aPollerWhoseSessionIsGoneComesBackByPosition() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("poll-back");
            String session = events(get("events/poll?room=poll-back"))
                    .get(0)
                    .event
                    .data()
                    .string("session");
            kim.send(message("poll-back", "one"));
            List<Polled> seen = pollUntil(session, 1, "\"one\"");
            String position = seen.get(seen.size() - 1).position;
            HTTP.send(
                    HttpRequest.newBuilder(http("events/poll"))
                            .timeout(PATIENCE)
                            .header("Hubbub-Session", session)
                            .DELETE()
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            kim.next("left");
            assertThat(get("events/poll", "Hubbub-Session", session).statusCode())
                    .isEqualTo(404);
            kim.send(message("poll-back", "two")).untilNow();
            List<Polled> back = new ArrayList<>(events(get("events/poll?room=poll-back&since=" + position)));
            if (back.stream().noneMatch(polled -> polled.event.name().equals("message"))) {
                back.addAll(
                        pollUntil(back.get(0).event.data().string("session"), back.get(back.size() - 1).n, "\"two\""));
            }
            assertThat(back.stream().filter(polled -> polled.event.name().equals("hello")))
                    .allMatch(polled -> polled.event.data().json().contains("\"recovered\":true"));
            assertThat(back.stream().filter(polled -> polled.event.name().equals("message")))
                    .extracting(polled -> polled.event.data().string("text"))
                    .containsExactly("two");
        }
    }

    @Test
    void whoOnlyLooksJoinsNothing() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("looked-at");
            List<Polled> first = events(get("events/poll?room=looked-at&wait=0"));
            String position = first.get(0).event.data().string("position");
            kim.send(message("looked-at", "a")).send(message("looked-at", "b")).untilNow();
            List<Polled> then = events(get("events/poll?room=looked-at&wait=0&since=" + position));
            assertThat(then.get(0).event.data().json()).contains("\"recovered\":true");
            assertThat(then.subList(1, 3))
                    .extracting(polled -> polled.event.data().string("text"))
                    .containsExactly("a", "b");
            assertThat(kim.events).noneMatch(event -> event.name().equals("joined"));
        }
    }

    @Test
    void aSocketThatComesBackIsSentWhatItHasMissed() {
        try (EventClient kim = connect()) {
            kim.join("ws-back");
            EventClient lee = connect();
            lee.send("{\"name\":\"join\",\"data\":{\"room\":\"ws-back\",\"since\":\"\"}}");
            Data hello = lee.next("hello").data();
            kim.next("joined");
            lee.abort();
            kim.next("left");
            kim.send(message("ws-back", "missed")).untilNow();
            try (EventClient back = EventClient.connect(URI.create(events() + "?was=" + lee.id()))) {
                String since = hello.string("epoch") + "." + Scanner.member(hello.json(), "position");
                back.send("{\"name\":\"join\",\"data\":{\"room\":\"ws-back\",\"since\":\"" + since + "\"}}");
                assertThat(back.next("hello").data().json()).contains("\"recovered\":true");
                assertThat(back.next("message").data().string("text")).isEqualTo("missed");
            }
        }
    }

    @Test
    void whoIsLostAndComesBackInTimeIsNotMissed() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("grace");
            EventClient lee = EventClient.connect(URI.create(events() + "?was="));
            String session = lee.events.get(0).data().string("session");
            lee.join("grace");
            kim.next("joined");
            lee.abort();
            try (EventClient back = EventClient.connect(URI.create(events() + "?was=" + session))) {
                assertThat(back.id()).isEqualTo(lee.id());
                back.join("grace").send(message("grace", "here again"));
                assertThat(kim.next("message").data().string("from")).isEqualTo(lee.id());
                session = back.events.get(0).data().string("session");
                back.abort();
            }
            try (StreamClient stream = stream("?room=grace&was=" + session, "")) {
                session = stream.session();
                assertThat(session).startsWith(lee.id() + ".");
                post(session, message("grace", "by another way"));
                kim.next(event -> event.data().json().contains("by another way"));
            }
            List<Polled> polled = events(get("events/poll?room=grace&was=" + session));
            assertThat(polled.get(0).event.data().string("id")).isEqualTo(lee.id());
            kim.untilNow();
            assertThat(kim.events.stream().map(Event::name))
                    .doesNotContain("left")
                    .containsOnlyOnce("joined");
        }
    }

    @Test
    void badRequestsAreRefusedAndTheRoomDoesNotNotice() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = stream("?room=bad-requests", "")) {
            kim.join("bad-requests");
            String session = lee.session();
            String forged = session.substring(0, session.length() - 1) + (session.endsWith("A") ? "B" : "A");
            for (String token : List.of(forged, "x", ".", kim.id() + ".", "")) {
                assertThat(post(token, message("bad-requests", "forged")).statusCode())
                        .as(token)
                        .isEqualTo(404);
                assertThat(get("events/poll?after=0", "Hubbub-Session", token).statusCode())
                        .as(token)
                        .isEqualTo(404);
            }
            assertThat(get("events/poll?after=0", "Hubbub-Session", session).statusCode())
                    .as("the session of an event stream")
                    .isEqualTo(404);
            assertThat(post(session, "{\"name\"").statusCode()).isEqualTo(400);
            assertThat(post(session, "{\"name\":\"echo\",\"data\":\"" + "x".repeat(70_000) + "\"}")
                            .statusCode())
                    .isEqualTo(413);
            assertThat(get("events/sse?room=" + "x".repeat(129)).statusCode()).isEqualTo(400);
            assertThat(get("events/sse?room=a&nick=" + "x".repeat(65)).statusCode())
                    .isEqualTo(400);
            assertThat(get("events/poll?room=a&nick=" + "x".repeat(65)).statusCode())
                    .isEqualTo(400);
            assertThat(get("events/poll?room=a&wait=soon").statusCode()).isEqualTo(400);
            HttpResponse<String> latin = HTTP.send(
                    HttpRequest.newBuilder(http("events/send"))
                            .timeout(PATIENCE)
                            .header("Hubbub-Session", session)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(
                                    "{\"name\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(latin.statusCode()).isEqualTo(400);
            assertThat(post(session, message("bad-requests", "still here")).statusCode())
                    .isEqualTo(accepted());
            assertThat(kim.next("message").data().string("text")).isEqualTo("still here");
        }
    }

    @Test
    void pagesOfOtherSitesAreKeptOutOfAllDoors() throws Exception {
        for (String path : List.of("events/sse?room=a", "events/poll?room=a", "events/poll?wait=0")) {
            assertThat(raw("GET " + url().getPath() + path, "https://evil.example"))
                    .as(path)
                    .contains(" 403 ");
        }
        assertThat(raw("POST " + url().getPath() + "events/send", "https://evil.example"))
                .contains(" 403 ");
        assertThat(raw("OPTIONS " + url().getPath() + "events/send", "https://evil.example"))
                .contains(" 403 ");
        assertThat(raw("GET " + url().getPath() + "events/poll?wait=0", "http://" + url().getAuthority()))
                .contains(" 200 ");
    }

    /** The answer's head; the JDK's client does not let one choose an origin. */
    protected String raw(String request, String origin) throws IOException {
        try (Socket socket = new Socket(url().getHost(), url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: " + url().getAuthority() + "\r\nOrigin: " + origin
                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return readHead(socket.getInputStream());
        }
    }

    @Test
    void aBodyThatStopsHalfwayHoldsNobodyUp() throws Exception {
        try (StreamClient lee = stream("?room=half", "");
                Socket half = new Socket(url().getHost(), url().getPort())) {
            half.getOutputStream()
                    .write(("POST " + url().getPath() + "events/send HTTP/1.1\r\nHost: " + url().getAuthority()
                                    + "\r\nContent-Type: application/json\r\nHubbub-Session: " + lee.session()
                                    + "\r\nContent-Length: 100\r\n\r\n{\"name\"")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(post(lee.session(), "{\"name\":\"echo\",\"id\":1}").statusCode())
                    .isEqualTo(accepted());
            lee.next("ack");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A server that uses a request again while its WebSocket is still being opened lets the next client hear nothing. */
    @Test
    void webSocketsThatEndAtOnceAmongPostsHurtNobodyWhoComes() throws Exception {
        String polling = "socket.io/?EIO=4&transport=polling";
        Callable<Void> visits = () -> {
            for (int i = 0; i < 50; i++) {
                HandshakeProbe opened = HandshakeProbe.request(url(), "GET", polling, "");
                String session = polling + "&sid="
                        + Data.parse(opened.body().substring(1)).string("sid");
                assertThat(HandshakeProbe.request(url(), "POST", session, "40").status())
                        .isEqualTo(200);
                assertThat(HandshakeProbe.request(url(), "POST", session, "1").status())
                        .isEqualTo(200);
                try (Socket brief = engineSocket()) {
                    brief.getOutputStream().write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8});
                    brief.getInputStream().readAllBytes();
                }
                try (Socket next = engineSocket()) {
                    assertThat(next.getInputStream().read()).isEqualTo(0x81); // a text frame, its greeting
                }
            }
            return null;
        };
        ExecutorService visitors = Executors.newFixedThreadPool(4);
        try {
            for (Future<Void> visitor : visitors.invokeAll(Collections.nCopies(4, visits))) {
                visitor.get();
            }
        } finally {
            visitors.shutdownNow();
        }
    }
}
