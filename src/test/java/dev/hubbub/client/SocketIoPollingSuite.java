package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO: handshakes, polling sessions, and upgrades to WebSocket. */
public abstract class SocketIoPollingSuite extends ReconnectSuite {
    static final String POLLING = "?EIO=4&transport=polling";
    static final String WEBSOCKET = "?EIO=4&transport=websocket";

    final PacketClient open(String query) {
        return new PacketClient(URI.create(url("socket.io/" + query).toString().replaceFirst("http", "ws")));
    }

    final HttpResponse<String> request(String method, String query, String body) throws Exception {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return Http.send(Http.request(url("socket.io/" + query)).method(method, publisher));
    }

    final CompletableFuture<HttpResponse<String>> pollPackets(String sid) {
        return Http.getAsync(url("socket.io/" + POLLING + "&sid=" + sid));
    }

    final HttpResponse<String> postPackets(String sid, String body) throws Exception {
        return request("POST", POLLING + "&sid=" + sid, body);
    }

    private static void expect(HttpResponse<String> response, int status, String body) {
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private void expectSessionEnded(String sid) throws Exception {
        expect(pollPackets(sid).get(), 400, "{\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    final String openSession() throws Exception {
        HttpResponse<String> response = request("GET", POLLING, "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""))
                .isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(response.body())
                .matches("0\\{\"sid\":\"[\\w-]+\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,"
                        + "\"pingTimeout\":20000,\"maxPayload\":65536}");
        return Data.parse(response.body().substring(1)).string("sid");
    }

    /** A polling session with a connected client. */
    final String openConnected() throws Exception {
        String sid = openSession();
        expect(postPackets(sid, "40\u001e42[\"ping\"]"), 200, "ok");
        assertThat(pollPacketsUntil(sid, "42[\"pong\"")).startsWith("40{\"sid\":");
        return sid;
    }

    /** Polls until a packet contains this text, and returns all packets. */
    private String pollPacketsUntil(String sid, String text) throws Exception {
        StringBuilder received = new StringBuilder();
        while (received.indexOf(text) < 0) {
            HttpResponse<String> answer = pollPackets(sid).get();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            received.append(answer.body()).append('\u001e');
        }
        return received.toString();
    }

    /** A connected client over WebSocket. */
    final PacketClient connected() {
        PacketClient client = open(WEBSOCKET);
        assertThat(client.next()).contains("\"upgrades\":[]");
        assertThat(client.send("40").next()).startsWith("40{\"sid\":\"").contains("\"pid\":\"");
        return client;
    }

    @Test
    void invalidHandshakesAreRejectedWithTheErrorCodesOfTheReferenceServer() throws Exception {
        expect(request("GET", "?EIO=4", ""), 400, "{\"code\":0,\"message\":\"Transport unknown\"}");
        expect(request("GET", "?EIO=4&transport=abc", ""), 400, "{\"code\":0,\"message\":\"Transport unknown\"}");
        expect(request("GET", POLLING + "&sid=x", ""), 400, "{\"code\":1,\"message\":\"Session ID unknown\"}");
        expect(request("POST", POLLING, "40"), 400, "{\"code\":2,\"message\":\"Bad handshake method\"}");
        expect(request("PUT", POLLING, "40"), 400, "{\"code\":2,\"message\":\"Bad handshake method\"}");
        expect(request("GET", WEBSOCKET, ""), 400, "{\"code\":3,\"message\":\"Bad request\"}");
        String unsupported = "{\"code\":5,\"message\":\"Unsupported protocol version\"}";
        expect(request("GET", "?transport=polling", ""), 400, unsupported);
        expect(request("GET", "?EIO=3&transport=polling", ""), 400, unsupported);
        assertThat(from("https://evil.example", "GET", "socket.io/" + POLLING).status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "?EIO=4, 0, Transport unknown",
        "?EIO=4&transport=abc, 0, Transport unknown",
        "?EIO=4&transport=websocket&sid=x, 1, Session ID unknown",
        "?EIO=4&transport=polling, 3, Bad request",
        "?transport=websocket, 5, Unsupported protocol version",
        "?EIO=3&transport=websocket, 5, Unsupported protocol version"
    })
    void invalidWebSocketHandshakesAreRejectedBeforeTheUpgrade(String query, int code, String message)
            throws Exception {
        try (RawWebSocket socket = RawWebSocket.open(url(), "socket.io/" + query)) {
            String problem = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
            if (!runsFiltersBeforeUpgrade() && socket.head.contains(" 403 ")) {
                return;
            }
            assertThat(socket.head).startsWith("HTTP/1.1 400 ");
            assertThat(socket.in().readNBytes(problem.length())).isEqualTo(problem.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void packetsAreSentAndReceivedByPolling() throws Exception {
        String sid = openConnected();
        HttpResponse<String> answer = postPackets(sid, "42[\"join\",{\"room\":\"eio\"}]\u001e427[\"echo\",\"é😀\"]");
        expect(answer, 200, "ok");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(pollPacketsUntil(sid, "437[\"é😀\"]")).startsWith("42[\"hello\",{");
        postPackets(sid, "451-[\"message\",{\"room\":\"eio\",\"x\":{\"_placeholder\":true,\"num\":0}}]\u001ebAQIDBA==");
        assertThat(pollPackets(sid).get().body())
                .startsWith("451-[\"message\",{")
                .contains("\"x\":{\"_placeholder\":true,\"num\":0}")
                .endsWith("\u001ebAQIDBA=="); // a packet and its attachments are in one response
    }

    @Test
    void aSecondConcurrentPollEndsTheSession() throws Exception {
        String sid = openSession();
        CompletableFuture<HttpResponse<String>> first = pollPackets(sid);
        HttpResponse<String> second = pollPackets(sid).get(); // either of them may arrive second
        HttpResponse<String> other = first.get();
        HttpResponse<String> rejected = second.statusCode() == 400 ? second : other;
        expect(rejected, 400, "{\"code\":3,\"message\":\"Bad request\"}");
        expect(rejected == second ? other : second, 200, "1");
        expectSessionEnded(sid);
    }

    @Test
    void aClosePacketEndsTheSessionAndItsPendingPoll() throws Exception {
        String sid = openConnected();
        CompletableFuture<HttpResponse<String>> waiting = pollPackets(sid);
        expect(postPackets(sid, "42[\"ping\"]"), 200, "ok"); // ends the poll if it has arrived
        assertThat(waiting.get().body()).startsWith("42[\"pong\"");
        waiting = pollPackets(sid);
        HttpResponse<String> answer = postPackets(sid, "1");
        expect(answer, 200, "ok");
        HttpResponse<String> end = waiting.get();
        assertThat(end.body())
                .isIn("6", "{\"code\":1,\"message\":\"Session ID unknown\"}"); // if the poll arrived after the close
        // packet
        expectSessionEnded(sid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "0",
                "2",
                "5",
                "4",
                "4abc",
                "47",
                "44{\"message\":\"x\"}",
                "40[]",
                "40{",
                "41x",
                "42",
                "42{}",
                "42[]",
                "42[{}]",
                "42[\"connect\"]",
                "42[\"disconnecting\"]",
                "42[\"a\"",
                "42[\"a\"]]",
                "42/other,[\"a\"]",
                "40",
                "42[\"a\"]\u001e",
                "bAAAA",
                "b!",
                "451[\"a\"]",
                "4511-[\"a\"]",
                "45999999999999-[\"a\"]",
                "451-[\"a\",{\"_placeholder\":true,\"num\":1}]\u001ebAAAA",
                "451-[\"a\",{\"_placeholder\":true,\"num\":\"splice\"}]\u001ebAAAA",
                "451-[\"a\",{\"_placeholder\":true,\"num\":0}]\u001e42[\"b\"]",
            })
    void anInvalidPacketEndsOnlyItsOwnSession(String packet) throws Exception {
        String sid = openConnected();
        expect(postPackets(sid, packet), 400, "{\"code\":3,\"message\":\"Bad request\"}");
        expectSessionEnded(sid);
        try (PacketClient other = connected();
                PacketClient client = connected()) {
            if (!packet.contains("b") && !packet.contains("\u001e")) {
                client.send(packet).awaitClose();
            }
            other.send("42[\"ping\"]").next("42[\"pong\"");
        }
    }

    @Test
    void packetsOverTheLimitAreRejected() throws Exception {
        String sid = openConnected();
        for (int i = 0; i < 100; i++) { // also while the client still sends when the server has answered
            HttpResponse<String> answer = postPackets(sid, "42[\"echo\",\"" + "x".repeat(1_000_000) + "\"]");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
        }
        try (PacketClient client = connected()) {
            client.send("42[\"echo\",\"" + "x".repeat(70_000) + "\"]").awaitClose();
        }
    }

    @Test
    void aSessionUpgradesToAWebSocketAndLosesNoEvents() throws Exception {
        String sid = openConnected();
        CompletableFuture<HttpResponse<String>> waiting = pollPackets(sid);
        try (PacketClient client = open(WEBSOCKET + "&sid=" + sid)) {
            assertThat(client.send("2probe").next()).isEqualTo("3probe");
            expect(waiting.get(), 200, "6");
            postPackets(sid, "42[\"ping\"]"); // the answer waits, because the client does not poll any more
            assertThat(client.send("5").next()).startsWith("42[\"pong\"");
            expect(pollPackets(sid).get(), 400, "{\"code\":3,\"message\":\"Bad request\"}");
            expect(postPackets(sid, "42[\"ping\"]"), 400, "{\"code\":3,\"message\":\"Bad request\"}");
            try (PacketClient second = open(WEBSOCKET + "&sid=" + sid)) {
                second.awaitClose();
            }
            client.send("42[\"ping\"]").next("42[\"pong\"");
            client.send("1").awaitClose();
        }
        expectSessionEnded(sid);
    }

    @Test
    void aFailedUpgradeLeavesThePollingSessionIntact() throws Exception {
        String sid = openConnected();
        try (PacketClient wrong = open(WEBSOCKET + "&sid=" + sid)) {
            wrong.send("42[\"ping\"]").awaitClose();
        }
        try (PacketClient abandoned = open(WEBSOCKET + "&sid=" + sid)) {
            abandoned.send("2probe").next("3probe");
        }
        postPackets(sid, "42[\"ping\"]");
        String received = pollPackets(sid).get().body();
        assertThat(received.equals("6") ? pollPackets(sid).get().body() : received)
                .startsWith("42[\"pong\"");
    }
}
