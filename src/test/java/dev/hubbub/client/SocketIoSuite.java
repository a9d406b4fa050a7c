package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Socket.IO clients, real ones and byte by byte. The same for every server that the WAR runs on. */
public abstract class SocketIoSuite extends TransportSuite {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String POLLING = "?EIO=4&transport=polling";
    private static final String WEBSOCKET = "?EIO=4&transport=websocket";

    private URI polling(String query) {
        return url().resolve("socket.io/" + query);
    }

    private URI webSocket(String query) {
        return URI.create(polling(query).toString().replaceFirst("http", "ws"));
    }

    private HttpResponse<String> request(String method, String query, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(polling(query))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> poll(String sid) {
        return HTTP.sendAsync(
                HttpRequest.newBuilder(polling(POLLING + "&sid=" + sid))
                        .timeout(Duration.ofSeconds(40))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String sid, String body) throws Exception {
        return request("POST", POLLING + "&sid=" + sid, body);
    }

    private static void expect(HttpResponse<String> response, int status, String body) {
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private void expectEnded(String sid) throws Exception {
        expect(poll(sid).get(), 400, "{\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    private String open() throws Exception {
        HttpResponse<String> response = request("GET", POLLING, null);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""))
                .isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(response.body())
                .matches("0\\{\"sid\":\"[\\w-]+\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,"
                        + "\"pingTimeout\":20000,\"maxPayload\":65536}");
        return Data.parse(response.body().substring(1)).string("sid");
    }

    /** A session with somebody connected in it. */
    private String openConnected() throws Exception {
        String sid = open();
        expect(post(sid, "40\u001e42[\"ping\"]"), 200, "ok");
        assertThat(pollUntil(sid, "42[\"pong\"")).startsWith("40{\"sid\":");
        return sid;
    }

    /** All that polls bring until one brings this. */
    private String pollUntil(String sid, String text) throws Exception {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(text) < 0) {
            HttpResponse<String> answer = poll(sid).get();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            heard.append(answer.body()).append('\u001e');
        }
        return heard.toString();
    }

    private PacketClient connected() {
        PacketClient client = new PacketClient(webSocket(WEBSOCKET));
        assertThat(client.next()).contains("\"upgrades\":[]");
        assertThat(client.send("40").next()).startsWith("40{\"sid\":\"").contains("\"pid\":\"");
        return client;
    }

    @Test
    void theScriptsOfTheClientAreServedBesideIt() throws Exception {
        HttpResponse<String> script = HTTP.send(
                HttpRequest.newBuilder(polling("socket.io.min.js")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("Content-Type").orElse("")).contains("javascript");
        assertThat(script.body()).contains("Socket.IO v");
        HttpResponse<String> none =
                HTTP.send(HttpRequest.newBuilder(polling("other.js")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(none.statusCode()).isEqualTo(404);
    }

    @Test
    void theNodeClientDoesAllThatItsUsersKnow() throws Exception {
        NodeTutorial.socketIo(url());
    }

    @Test
    void requestsThatAreNoHandshakeAreRefusedWithTheNumbersOfTheReference() throws Exception {
        expect(request("GET", "?EIO=4", null), 400, "{\"code\":0,\"message\":\"Transport unknown\"}");
        expect(request("GET", "?EIO=4&transport=abc", null), 400, "{\"code\":0,\"message\":\"Transport unknown\"}");
        expect(request("GET", POLLING + "&sid=x", null), 400, "{\"code\":1,\"message\":\"Session ID unknown\"}");
        expect(request("POST", POLLING, "40"), 400, "{\"code\":2,\"message\":\"Bad handshake method\"}");
        expect(request("PUT", POLLING, "40"), 400, "{\"code\":2,\"message\":\"Bad handshake method\"}");
        expect(request("GET", WEBSOCKET, null), 400, "{\"code\":3,\"message\":\"Bad request\"}");
        String unsupported = "{\"code\":5,\"message\":\"Unsupported protocol version\"}";
        expect(request("GET", "?transport=polling", null), 400, unsupported);
        expect(request("GET", "?EIO=3&transport=polling", null), 400, unsupported);
        String path = url().getPath() + "socket.io/";
        assertThat(raw("GET " + path + POLLING, "https://evil.example")).contains(" 403 ");
    }

    /** Whether our filter is always called before the container's own of WebSocket, which can only say 403. */
    protected boolean filtersFirst() {
        return true;
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
    void webSocketsThatAreNoHandshakeAreRefusedBeforeTheUpgrade(String query, int code, String message)
            throws Exception {
        try (java.net.Socket socket = new java.net.Socket(url().getHost(), url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(handshake(url().getPath() + "socket.io/" + query));
            String problem = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
            String head = readHead(socket.getInputStream());
            if (!filtersFirst() && head.contains(" 403 ")) {
                return;
            }
            assertThat(head).startsWith("HTTP/1.1 400 ");
            assertThat(socket.getInputStream().readNBytes(problem.length()))
                    .isEqualTo(problem.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void packetsGoAndComeByPolling() throws Exception {
        String sid = openConnected();
        HttpResponse<String> answer = post(sid, "42[\"join\",{\"room\":\"eio\"}]\u001e427[\"echo\",\"é😀\"]");
        expect(answer, 200, "ok");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(pollUntil(sid, "437[\"é😀\"]")).startsWith("42[\"hello\",{");
        post(sid, "451-[\"message\",{\"room\":\"eio\",\"x\":{\"_placeholder\":true,\"num\":0}}]\u001ebAQIDBA==");
        assertThat(poll(sid).get().body())
                .startsWith("451-[\"message\",{")
                .contains("\"x\":{\"_placeholder\":true,\"num\":0}")
                .endsWith("\u001ebAQIDBA=="); // all of a packet is in one answer
    }

    @Test
    void aSecondPollEndsTheSession() throws Exception {
        String sid = open();
        CompletableFuture<HttpResponse<String>> first = poll(sid);
        HttpResponse<String> second = poll(sid).get(); // whichever comes second
        HttpResponse<String> other = first.get();
        HttpResponse<String> refused = second.statusCode() == 400 ? second : other;
        expect(refused, 400, "{\"code\":3,\"message\":\"Bad request\"}");
        expect(refused == second ? other : second, 200, "1");
        expectEnded(sid);
    }

    @Test
    void aClosePacketEndsTheSessionAndThePollThatWaits() throws Exception {
        String sid = openConnected();
        CompletableFuture<HttpResponse<String>> waiting = poll(sid);
        expect(post(sid, "42[\"ping\"]"), 200, "ok"); // the poll, if it was there, has its answer
        assertThat(waiting.get().body()).startsWith("42[\"pong\"");
        waiting = poll(sid);
        HttpResponse<String> answer = post(sid, "1");
        expect(answer, 200, "ok");
        HttpResponse<String> end = waiting.get();
        assertThat(end.body()).isIn("6", "{\"code\":1,\"message\":\"Session ID unknown\"}"); // if it came too late
        expectEnded(sid);
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
                "43[]",
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
    void aBadPacketEndsTheSessionAndNoOther(String packet) throws Exception {
        String sid = openConnected();
        expect(post(sid, packet), 400, "{\"code\":3,\"message\":\"Bad request\"}");
        expectEnded(sid);
        try (PacketClient neighbour = connected();
                PacketClient client = connected()) {
            if (!packet.contains("b") && !packet.contains("\u001e")) {
                client.send(packet).awaitClose();
            }
            neighbour.send("42[\"ping\"]").next("42[\"pong\"");
        }
    }

    @Test
    void aNameThatIsNoneIsAnErrorAndNoEnd() throws Exception {
        try (PacketClient client = connected()) {
            client.send("421[\"" + "x".repeat(200) + "\"]");
            assertThat(client.next("431")).contains("\"error\":{\"code\":\"malformed\"");
            client.send("42[\"\"]");
            assertThat(client.next("42[\"error\"")).contains("malformed");
            client.send("42[\"ping\"]").next("42[\"pong\"");
        }
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        String sid = openConnected();
        for (int i = 0; i < 100; i++) { // and who still sends when the server knows hears it, too
            HttpResponse<String> answer = post(sid, "42[\"echo\",\"" + "x".repeat(1_000_000) + "\"]");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
        }
        try (PacketClient client = connected()) {
            client.send("42[\"echo\",\"" + "x".repeat(70_000) + "\"]").awaitClose();
        }
    }

    @Test
    void aSessionChangesOverToAWebSocketAndLosesNothing() throws Exception {
        String sid = openConnected();
        CompletableFuture<HttpResponse<String>> waiting = poll(sid);
        try (PacketClient client = new PacketClient(webSocket(WEBSOCKET + "&sid=" + sid))) {
            assertThat(client.send("2probe").next()).isEqualTo("3probe");
            expect(waiting.get(), 200, "6");
            post(sid, "42[\"ping\"]"); // answered to nobody, for the client does not poll any more
            assertThat(client.send("5").next()).startsWith("42[\"pong\"");
            expect(poll(sid).get(), 400, "{\"code\":3,\"message\":\"Bad request\"}");
            expect(post(sid, "42[\"ping\"]"), 400, "{\"code\":3,\"message\":\"Bad request\"}");
            try (PacketClient second = new PacketClient(webSocket(WEBSOCKET + "&sid=" + sid))) {
                second.awaitClose();
            }
            client.send("42[\"ping\"]").next("42[\"pong\"");
            client.send("1").awaitClose();
        }
        expectEnded(sid);
    }

    @Test
    void anUpgradeThatFailsLeavesThePollingAsItIs() throws Exception {
        String sid = openConnected();
        try (PacketClient wrong = new PacketClient(webSocket(WEBSOCKET + "&sid=" + sid))) {
            wrong.send("42[\"ping\"]").awaitClose();
        }
        try (PacketClient gone = new PacketClient(webSocket(WEBSOCKET + "&sid=" + sid))) {
            gone.send("2probe").next("3probe");
        }
        post(sid, "42[\"ping\"]");
        String heard = poll(sid).get().body();
        assertThat(heard.equals("6") ? poll(sid).get().body() : heard).startsWith("42[\"pong\"");
    }

    @Test
    void namespacesAreKnownOrRefusedAndLeftWithoutTheRest() throws Exception {
        try (PacketClient client = new PacketClient(webSocket(WEBSOCKET))) {
            client.next();
            assertThat(client.send("40/random,").next()).isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
            client.send("40").next("40{");
            client.send("41").send("40{\"token\":1}").next("40{");
            client.send("42[\"ping\"]").next("42[\"pong\"");
        }
    }

    @Test
    void aRoomIsSharedWithPlainWebSockets() throws Exception {
        try (EventClient kim = connect();
                PacketClient lee = connected()) {
            kim.join("both");
            lee.send("42[\"join\",{\"room\":\"both\",\"nick\":\"Lee\"}]").next("42[\"hello\"");
            assertThat(kim.next("joined").data().string("nick")).isEqualTo("Lee");

            String message = "{\"name\":\"message\",\"data\":{\"room\":\"both\",\"text\":\"gif\"}}";
            kim.send(EventClient.binary(message, new byte[] {1, 0, 2}));
            assertThat(lee.next("451-"))
                    .startsWith("451-[\"message\",{")
                    .contains("\"text\":\"gif\"},{\"_placeholder\":true,\"num\":0},\"");
            assertThat(lee.next()).isEqualTo("bytes:\u0001\u0000\u0002");

            lee.send(
                            "452-[\"message\",{\"room\":\"both\"},{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]")
                    .send((byte) 7)
                    .send((byte) 8, (byte) 9);
            List<ByteBuffer> attachments = kim.next(event -> event.name().equals("message")
                            && event.attachments().size() == 2)
                    .attachments();
            assertThat(attachments.get(1)).isEqualTo(ByteBuffer.wrap(new byte[] {8, 9}));

            // A place for an attachment that there is not would end the client's connection.
            String forged = "{\"name\":\"message\",\"data\":{\"room\":\"both\",\"text\":\"forged\",\"x\":"
                    + "{\"_placeholder\":true,\"num\":9}}}";
            kim.send(EventClient.binary(forged, new byte[] {1}));
            assertThat(lee.next("42[\"message\"")).contains("forged");
        }
    }

    @Test
    void theJavaClientTalksToo() throws Exception {
        for (String transport : List.of("polling", "websocket")) {
            IO.Options options = new IO.Options();
            options.path = url().getPath() + "socket.io/";
            options.transports = new String[] {transport};
            options.forceNew = true;
            options.auth = Map.of("token", "x");
            Socket socket = IO.socket(url().resolve("/"), options);
            BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
            socket.on("hello", arguments -> heard.add(arguments[0]));
            socket.on("message", arguments -> heard.add(arguments[0]));
            socket.on(Socket.EVENT_CONNECT_ERROR, arguments -> heard.add(arguments[0]));
            socket.connect();
            try {
                socket.emit("join", new JSONObject().put("room", "java-" + transport));
                assertThat(heard.poll(10, TimeUnit.SECONDS)).asString().contains("java-" + transport);
                JSONObject message =
                        new JSONObject().put("room", "java-" + transport).put("text", "안녕");
                socket.emit("message", message.put("bytes", new byte[] {1, 2}));
                JSONObject answer = (JSONObject) heard.poll(10, TimeUnit.SECONDS);
                assertThat(answer.getString("text")).isEqualTo("안녕");
                assertThat((byte[]) answer.get("bytes")).containsExactly(1, 2);
                socket.emit("echo", new Object[] {5}, (Ack) arguments -> heard.add(arguments[0]));
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(5);
            } finally {
                socket.disconnect();
            }
        }
    }

    @Test
    void comingBackNeedsTheSecretAndTheRightPlace() throws Exception {
        PacketClient kim = connected();
        kim.close();
        try (PacketClient talker = connected()) {
            talker.send("42[\"join\",{\"room\":\"secret\"}]").next("42[\"hello\"");
            List<String> welcomes = new ArrayList<>();
            for (String auth : List.of(
                    "{\"pid\":\"forged\",\"offset\":\"AAAAAAAAAAA.1\"}",
                    "{\"pid\":7}",
                    "{\"pid\":{}}",
                    "{\"offset\":\"x\"}")) {
                try (PacketClient stranger = new PacketClient(webSocket(WEBSOCKET))) {
                    stranger.next();
                    welcomes.add(stranger.send("40" + auth).next());
                }
            }
            assertThat(welcomes)
                    .allMatch(welcome -> welcome.startsWith("40{\"sid\":"))
                    .noneMatch(welcome -> welcome.contains("forged"));
        }
    }

    @Test
    void attachmentsThatNeverComeHurtNobody() throws Exception {
        try (PacketClient kim = connected();
                PacketClient lee = connected()) {
            kim.send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
            lee.send("42[\"ping\"]").next("42[\"pong\"");
            kim.send("42[\"ping\"]").awaitClose();
        }
    }
}
