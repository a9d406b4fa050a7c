package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.Http;
import dev.hubbub.client.StreamClient;
import dev.hubbub.standalone.WarProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of sessions that reach another server of the cluster than the session's. */
class ForwardingIT {
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");

    private RedisServer redis;
    private WarProcess a;
    private WarProcess b;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        a = node();
        b = node();
        a.url();
        b.url();
    }

    private WarProcess node() throws IOException {
        return WarProcess.start(
                "-Dhubbub.cluster=" + redis.url(),
                "-Dhubbub.cluster-patience=1000",
                "-Dhubbub.heartbeat=5000",
                "-Dhubbub.metrics=true");
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        redis.close();
    }

    private static HttpResponse<String> poll(WarProcess war, String session, long after, long wait) throws Exception {
        return Http.get(war.url().resolve("events/poll?after=" + after + "&wait=" + wait), "Hubbub-Session", session);
    }

    private static HttpResponse<String> post(WarProcess war, String session, String event, String... headers)
            throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Hubbub-Session";
        all[1] = session;
        return Http.post(war.url().resolve("events/send"), event, all);
    }

    private static long last(String body, long otherwise) {
        Matcher numbers = NUMBER.matcher(body);
        long last = otherwise;
        while (numbers.find()) {
            last = Long.parseLong(numbers.group(1));
        }
        return last;
    }

    /** A polling client whose session is on one node. */
    private static final class Polling {
        final String session;
        long seen;

        Polling(WarProcess home) throws Exception {
            String first =
                    Http.get(home.url().resolve("events/poll?room=lobby")).body();
            Matcher token = SESSION.matcher(first);
            assertThat(token.find()).as(first).isTrue();
            session = token.group(1);
            seen = last(first, 0);
        }

        /** Polls another node until an event contains a text. */
        String until(WarProcess war, String text) throws Exception {
            while (true) {
                HttpResponse<String> answer = poll(war, session, seen, 20_000);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                seen = last(answer.body(), seen);
                if (answer.body().contains(text)) {
                    return answer.body();
                }
            }
        }
    }

    private static long forwarded(WarProcess war) throws Exception {
        return Http.get(war.url().resolve("metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("hubbub_cluster_forwarded_total"))
                .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                .sum();
    }

    @Test
    void aPollingClientIsServedByAnyNodeAndReceivesEachEventOnceEvenIfAResponseIsLost() throws Exception {
        try (EventClient kim = EventClient.connect(b.events()).join("lobby")) {
            Polling lee = new Polling(a);
            kim.next("joined");
            for (int i = 0; i < 100; i++) {
                kim.send(EventClient.message("lobby", "m" + i));
            }
            lee.until(b, "\"m0\"");
            long before = lee.seen;
            kim.send(EventClient.message("lobby", "again"));
            String lost = lee.until(b, "\"again\"");
            lee.seen = before;
            assertThat(lee.until(b, "\"again\"")).startsWith(lost.substring(0, lost.length() - 1));

            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return lee.until(b, "\"mine\"");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            String mine = EventClient.message("lobby", "mine");
            assertThat(post(b, lee.session, mine, "Hubbub-Post", "1").statusCode())
                    .isEqualTo(204);
            assertThat(post(b, lee.session, mine, "Hubbub-Post", "1").statusCode())
                    .isEqualTo(204);
            assertThat(post(b, lee.session, mine, "Hubbub-Post", "3").statusCode())
                    .isEqualTo(409);
            HttpResponse<String> malformed = post(b, lee.session, "{", "Hubbub-Post", "2");
            assertThat(malformed.statusCode()).isEqualTo(400);
            assertThat(malformed.body()).contains("\"malformed\"");
            assertThat(waiting.get(20, TimeUnit.SECONDS)).contains("\"mine\"");
            kim.next(event -> event.data().json().contains("\"mine\""));
            assertThat(kim.events.stream().filter(event -> event.data().json().contains("\"mine\"")))
                    .hasSize(1);

            lee.until(b, "\"malformed\"");
            assertThat(poll(b, lee.session, lee.seen, 300).body()).isEqualTo("[]");
            assertThat(forwarded(b)).isGreaterThan(8);
            assertThat(forwarded(a)).isZero();
            HttpResponse<String> end = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(b.url().resolve("events/poll"))
                                    .header("Hubbub-Session", lee.session)
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(end.statusCode()).isEqualTo(204);
            kim.next("left");
            assertThat(poll(b, lee.session, lee.seen, 20_000).statusCode()).isEqualTo(404);
            assertThat(post(b, lee.session, mine).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anEventStreamsEventsCanBePostedToAnyNode() throws Exception {
        URI url = a.url().resolve("events/sse?room=lobby");
        try (StreamClient stream = new StreamClient(url, "")) {
            String session = Data.parse(stream.next("connected").data()).string("session");
            stream.next("hello");
            assertThat(post(b, session, EventClient.message("lobby", "to any node"))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(stream.next("message").data()).contains("to any node");
            assertThat(poll(b, session, 0, 20_000).statusCode())
                    .as("of another transport")
                    .isEqualTo(404);
        }
    }

    @Test
    void sessionsThatDoNotExistAreRejectedAtOnce() throws Exception {
        Polling lee = new Polling(a);
        String id = lee.session.substring(0, lee.session.indexOf('.'));
        String node = lee.session.substring(lee.session.lastIndexOf('.'));
        for (String session : new String[] {
            id + ".1." + "x".repeat(24) + node, // another's secret
            lee.session.substring(0, lee.session.length() - 11) + "nobodynobod",
            lee.session + "x",
            id,
            "x" + node,
            node,
            "." + "\u00e9".repeat(5_000) + node
        }) {
            long start = System.nanoTime();
            String query = "?session=" + java.net.URLEncoder.encode(session, java.nio.charset.StandardCharsets.UTF_8);
            assertThat(Http.get(b.url().resolve("events/poll" + query)).statusCode())
                    .as(session)
                    .isIn(404, 414, 400);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(session).isLessThan(Duration.ofSeconds(2));
        }
        assertThat(poll(b, lee.session, lee.seen, 100).statusCode()).isEqualTo(200);
    }

    @Test
    void aWaitingPollIsRejectedSoonWhenTheNodeOfItsSessionDies() throws Exception {
        Polling lee = new Polling(a);
        CompletableFuture<HttpResponse<String>> waiting = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(b.url().resolve("events/poll?after=100"))
                                .header("Hubbub-Session", lee.session)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        await().until(() -> forwarded(b) == 1);
        a.process.destroyForcibly().waitFor();
        assertThat(waiting.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
        assertThat(post(b, lee.session, EventClient.message("lobby", "lost")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void whenTheNodeThatAPollHasReachedDiesNothingIsLost() throws Exception {
        try (EventClient kim = EventClient.connect(a.events()).join("lobby")) {
            Polling lee = new Polling(a);
            kim.next("joined");
            CompletableFuture<HttpResponse<String>> waiting = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(b.url().resolve("events/poll?after=100"))
                                    .header("Hubbub-Session", lee.session)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            await().until(() -> forwarded(b) == 1);
            b.process.destroyForcibly().waitFor();
            assertThat(waiting).failsWithin(Duration.ofSeconds(10));
            kim.send(EventClient.message("lobby", "not lost"));
            assertThat(lee.until(a, "\"not lost\"")).contains("not lost");
        }
    }

    @Test
    void whileRedisIsAwayRequestsAreUnavailableAndTheSessionGoesOn() throws Exception {
        Polling lee = new Polling(a);
        redis.signal("STOP");
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> poll(b, lee.session, lee.seen, 100).statusCode() == 503);
        } finally {
            redis.signal("CONT");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> poll(b, lee.session, lee.seen, 100).statusCode() == 200);
    }

    private static URI engine(WarProcess war, String sid) {
        return war.url().resolve("socket.io/?EIO=4&transport=polling" + (sid == null ? "" : "&sid=" + sid));
    }

    private static CompletableFuture<HttpResponse<String>> packets(WarProcess war, String sid) {
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(engine(war, sid)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Opens a Socket.IO session on one node, and a client in it by way of another node. */
    private String socketIo() throws Exception {
        String sid = Http.get(engine(a, null)).body().split("\"sid\":\"")[1].split("\"")[0];
        assertThat(Http.post(engine(b, sid), "40").body()).isEqualTo("ok");
        assertThat(packets(b, sid).get().body()).startsWith("40{\"sid\"");
        assertThat(Http.post(engine(b, sid), "42[\"join\",{\"room\":\"lobby\"}]")
                        .statusCode())
                .isEqualTo(200);
        assertThat(packets(b, sid).get().body()).startsWith("42[\"hello\"");
        return sid;
    }

    @Test
    void aSocketIoPollingSessionIsServedByAnyNode() throws Exception {
        try (EventClient kim = EventClient.connect(a.events()).join("lobby")) {
            String sid = socketIo();
            kim.next("joined");
            CompletableFuture<HttpResponse<String>> first = packets(b, sid);
            await().until(() -> forwarded(b) == 5);
            CompletableFuture<HttpResponse<String>> second = packets(a, sid); // as a proxy repeats a poll
            assertThat(first.get().statusCode()).isEqualTo(400);
            kim.send(EventClient.message("lobby", "m1"));
            assertThat(second.get().body()).contains("m1");

            assertThat(java.net.http.HttpClient.newHttpClient()
                            .newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(engine(b, sid)
                                            .toString()
                                            .replace("http:", "ws:")
                                            .replace("polling", "websocket")),
                                    new java.net.http.WebSocket.Listener() {}))
                    .as("the client library goes on polling")
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(java.net.http.WebSocketHandshakeException.class);
            kim.send(EventClient.message("lobby", "m2"));
            assertThat(packets(b, sid).get().body()).contains("m2");

            HttpResponse<String> malformed = Http.post(engine(b, sid), "x");
            assertThat(malformed.statusCode()).isEqualTo(400);
            kim.next("left");
            HttpResponse<String> ended = packets(b, sid).get();
            assertThat(ended.statusCode()).isEqualTo(400);
            assertThat(ended.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
            assertThat(Http.post(engine(b, sid), "3").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void aSocketIoPollWaitsUntilTheOneBeforeHasBeenAnsweredByItsNode() throws Exception {
        try (EventClient kim = EventClient.connect(a.events()).join("lobby")) {
            String sid = socketIo();
            kim.next("joined");
            CompletableFuture<HttpResponse<String>> first = packets(b, sid);
            await().until(() -> forwarded(b) == 5);
            b.signal("STOP");
            CompletableFuture<HttpResponse<String>> second;
            try {
                kim.send(EventClient.message("lobby", "m1")).next("message");
                second = packets(a, sid);
                kim.send(EventClient.message("lobby", "m2")).next("message");
                await().during(Duration.ofSeconds(1)).until(() -> !second.isDone());
            } finally {
                b.signal("CONT");
            }
            assertThat(first.get(10, TimeUnit.SECONDS).body()).contains("m1").doesNotContain("m2");
            assertThat(second.get(10, TimeUnit.SECONDS).body()).contains("m2").doesNotContain("m1");
        }
    }

    @Test
    void aSocketIoPollIsAnsweredWhenTheNodeThatItHasReachedIsStopped() throws Exception {
        String sid = socketIo();
        CompletableFuture<HttpResponse<String>> waiting = packets(b, sid);
        await().until(() -> forwarded(b) == 5);
        assertThat(b.terminate()).isNotNegative();
        HttpResponse<String> answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(answer.body()).as("noop").isEqualTo("6");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        await().until(() -> List.copyOf(b.output).stream().anyMatch(line -> line.endsWith("Hubbub has stopped")));
        assertThat(b.output).noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void aSocketIoSessionEndsIfItIsUnknownWhetherAPollWasAnswered() throws Exception {
        try (EventClient kim = EventClient.connect(a.events()).join("lobby")) {
            String sid = socketIo();
            kim.next("joined");
            CompletableFuture<HttpResponse<String>> first = packets(b, sid);
            await().until(() -> forwarded(b) == 5);
            b.signal("STOP");
            kim.send(EventClient.message("lobby", "m1")).next("message");
            CompletableFuture<HttpResponse<String>> second = packets(a, sid);
            b.process.destroyForcibly().waitFor();
            assertThat(first).failsWithin(Duration.ofSeconds(10));
            assertThat(second.get(10, TimeUnit.SECONDS).body()).isEqualTo("1"); // so that the client connects again
            assertThat(packets(a, sid).get().statusCode()).isEqualTo(400);
        }
    }
}
