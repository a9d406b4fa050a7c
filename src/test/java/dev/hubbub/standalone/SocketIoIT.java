package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.Http;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.PacketClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Socket.IO with the handlers and the heartbeat of the protocol's public test suite. Rooms keep no events, like the reference
 * server without connection state recovery.
 */
class SocketIoIT {
    @TempDir
    private static Path folder;

    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        war = lounge(
                "-Dhubbub.heartbeat=300",
                "-Dhubbub.heartbeat-timeout=200",
                "-Dhubbub.max-payload=1000000",
                "-Dhubbub.log-events=0");
        war.url();
    }

    private static WarProcess lounge(String... settings) throws Exception {
        return with("lounge.jar", List.of(Lounge.class, Lounge.Custom.class), settings);
    }

    private static WarProcess with(String name, List<Class<?>> handlers, String... settings) throws Exception {
        Path jar = HubbubWar.handlersJar(folder, name, handlers.toArray(Class<?>[]::new));
        return new WarProcess(List.of(settings), "--port=0", "--handlers", jar.toString());
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    private static PacketClient open(WarProcess server) {
        URI url = server.url().resolve("socket.io/?EIO=4&transport=websocket");
        return new PacketClient(URI.create(url.toString().replaceFirst("http", "ws")));
    }

    /** A client that is connected and has received the event of the handler. */
    private static PacketClient connected() {
        PacketClient client = open(war);
        assertThat(client.next())
                .contains("\"upgrades\":[],\"pingInterval\":300,\"pingTimeout\":200,\"maxPayload\":1000000}");
        assertThat(client.send("40").next("4")).matches("40\\{\"sid\":\"[\\w-]+\"}");
        assertThat(client.next("4")).isEqualTo("42[\"auth\",{}]");
        return client;
    }

    private static URI polling(String sid) {
        return war.url().resolve("socket.io/?EIO=4&transport=polling" + sid);
    }

    private static String openPolling() throws Exception {
        String packet = Http.get(polling("")).body();
        return "&sid=" + Data.parse(packet.substring(1)).string("sid");
    }

    @Test
    void theServerPingsOverWebSocket() {
        try (PacketClient client = connected()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.next()).isEqualTo("2");
                client.send("3");
            }
            client.awaitClose(); // the fourth ping is not answered
            assertThat(client.frames).hasSize(7);
        }
    }

    @Test
    void theServerPingsOverPolling() throws Exception {
        String sid = openPolling();
        for (int i = 0; i < 3; i++) {
            assertThat(Http.get(polling(sid)).body()).isEqualTo("2");
            assertThat(Http.post(polling(sid), "3").body()).isEqualTo("ok");
        }
    }

    @Test
    void aSilentSessionTimesOut() throws Exception {
        String sid = openPolling();
        await().pollDelay(Duration.ofMillis(300)) // these requests are not pongs
                .atMost(Duration.ofSeconds(5))
                .until(() -> Http.post(polling(sid), "6").statusCode() == 400);
        assertThat(Http.post(polling(sid), "6").body()).contains("Session ID unknown");
    }

    @Test
    void aSessionWithoutANamespaceTimesOutEvenIfItAnswersPings() {
        try (PacketClient client = open(war)) {
            client.next();
            for (int i = 0; i < 10 && !client.closed; i++) {
                await().until(() -> client.closed || client.frames.contains("2"));
                client.frames.remove("2");
                answer(client);
            }
            client.awaitClose();
        }
    }

    private static void answer(PacketClient client) {
        try {
            client.send("3");
        } catch (RuntimeException closed) {
            assertThat(client.frames).isNotEmpty();
        }
    }

    @Test
    void theHandshakeHasTheAuthOfTheClient() {
        try (PacketClient client = open(war)) {
            client.next();
            client.send("40{\"token\":\"123\"}").next("40{");
            assertThat(client.next("4")).isEqualTo("42[\"auth\",{\"token\":\"123\"}]");
            client.send("40/custom,{\"token\":\"abc\"}");
            assertThat(client.next("4")).matches("40/custom,\\{\"sid\":\"[\\w-]+\"}");
            assertThat(client.next("4")).isEqualTo("42/custom,[\"auth\",{\"token\":\"abc\"}]");
        }
    }

    @Test
    void aHandlerCanRejectAConnection() {
        try (PacketClient client = open(war)) {
            client.next();
            client.send("40{\"token\":\"stranger\"}");
            assertThat(client.next("4"))
                    .isEqualTo("44{\"message\":\"Not authorized\",\"data\":{\"code\":\"forbidden\"}}");
            client.send("40{\"token\":\"friend\"}").next("40{");
        }
    }

    @Test
    void namespacesAreSeparateAndLeftOneByOne() {
        try (PacketClient client = connected();
                EventClient plain = EventClient.connect(war.events())) {
            client.send("40/custom").next("42/custom,[\"auth\"");
            client.send("42/custom,[\"to-all\",\"custom\"]");
            assertThat(client.next("42")).isEqualTo("42/custom,[\"to-all\",\"custom\"]");
            client.send("42[\"to-all\",\"main\"]");
            assertThat(client.next("42")).isEqualTo("42[\"to-all\",\"main\"]");
            assertThat(plain.next("to-all").data().json()).isEqualTo("\"main\"");
            client.send("41/custom").send("42[\"message\",\"message to main namespace\"]");
            assertThat(client.next("42")).isEqualTo("42[\"message-back\",\"message to main namespace\"]");
        }
    }

    @Test
    void argumentsAndAttachmentsAreReturnedUnchanged() {
        try (PacketClient client = connected()) {
            client.send("42[\"message\",1,\"2\",{\"3\":[true]}]");
            assertThat(client.next("4")).isEqualTo("42[\"message-back\",1,\"2\",{\"3\":[true]}]");
            client.send("42[\"message\"]");
            assertThat(client.next("4")).isEqualTo("42[\"message-back\"]");
            client.send("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]");
            assertThat(client.next("4")).isEqualTo("43456[1,\"2\",{\"3\":[false]}]");

            String two = "[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]";
            client.send("452-" + two).send((byte) 1, (byte) 2).send((byte) 3);
            assertThat(client.next("4")).isEqualTo("452-" + two.replace("message", "message-back"));
            assertThat(client.next("b")).isEqualTo("bytes:\1\2");
            assertThat(client.next("b")).isEqualTo("bytes:\3");
            client.send("452-789" + two.replace("message", "message-with-ack"))
                    .send((byte) 1)
                    .send((byte) 2);
            assertThat(client.next("4"))
                    .isEqualTo("462-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
            assertThat(client.next("b")).isEqualTo("bytes:\1");
            assertThat(client.next("b")).isEqualTo("bytes:\2");
        }
    }

    @Test
    void theServerAsksForAnAcknowledgement() {
        try (PacketClient client = connected()) {
            client.send("42[\"ask-me\"]");
            assertThat(client.next("42")).isEqualTo("421[\"sure?\",\"really\"]");
            client.send("431[\"yes\",2]");
            assertThat(client.next("42")).isEqualTo("42[\"they-said\",\"yes\",2]");
            client.send("431[\"again\"]").send("42[\"message\",1]");
            assertThat(client.next("4")).isEqualTo("42[\"message-back\",1]");
        }
    }

    /** Only ACK packets are acknowledgements. */
    @Test
    void anEventNamedAckAcknowledgesNothing() {
        try (PacketClient client = connected()) {
            client.send("42[\"ask-me\"]");
            assertThat(client.next("42")).isEqualTo("421[\"sure?\",\"really\"]");
            client.send("421[\"ack\",\"forged\"]").send("421[\"error\",\"a report\"]");
            assertThat(client.next("4")).startsWith("431[{\"error\":{\"code\":\"unknown-event\"");
            assertThat(client.next("4")).isEqualTo("42[\"error-back\",\"a report\"]");
            assertThat(client.next("4")).isEqualTo("431[]");
            client.send("431[\"yes\"]");
            assertThat(client.next("42")).isEqualTo("42[\"they-said\",\"yes\"]");
        }
    }

    @Test
    void nullIsReturnedAsNull() {
        try (PacketClient client = connected()) {
            client.send("42[\"message\",null]");
            assertThat(client.next("4")).isEqualTo("42[\"message-back\",null]");
            client.send("42[\"to-all\",null]");
            assertThat(client.next("4")).isEqualTo("42[\"to-all\",null]");
            client.send("42[\"to-all\"]");
            assertThat(client.next("4")).isEqualTo("42[\"to-all\"]");
            client.send("427[\"message-with-ack\",null]");
            assertThat(client.next("4")).isEqualTo("437[null]");
        }
    }

    @Test
    void eventsAndTheirAcknowledgementsHaveAttachments() {
        try (PacketClient client = connected()) {
            client.send("451-[\"ask-for-a-picture\",{\"_placeholder\":true,\"num\":0}]")
                    .send((byte) 1);
            assertThat(client.next("4")).isEqualTo("451-1[\"like this?\",{\"_placeholder\":true,\"num\":0}]");
            assertThat(client.next("b")).isEqualTo("bytes:\1");
            client.send("461-1[{\"_placeholder\":true,\"num\":0}]").send((byte) 2);
            assertThat(client.next("4")).isEqualTo("451-[\"picture\",{\"_placeholder\":true,\"num\":0}]");
            assertThat(client.next("b")).isEqualTo("bytes:\2");
        }
    }

    @Test
    void aClientThatAHandlerClosesLeavesTheNamespaceAndKeepsTheConnection() {
        try (PacketClient client = connected()) {
            client.send("42[\"throw-me-out\"]");
            assertThat(client.next("4")).isEqualTo("41");
            client.send("40").next("42[\"auth\"");
        }
    }

    @Test
    void theChatOfTheTutorialWorks() throws Exception {
        try (WarProcess chat = with("chat.jar", List.of(Chat.class))) {
            NodeScripts.chat(chat.url());
        }
    }

    @Test
    void aBroadcastIsResentOnRecoveryAndAStringArgumentIsNotTakenForAnOffset() throws Exception {
        try (WarProcess withHistory = lounge();
                PacketClient other = open(withHistory)) {
            other.send("40").next("42[\"auth\"");
            PacketClient client = open(withHistory);
            String pid = Data.parse(client.send("40").next("40{").substring(2)).string("pid");
            client.next("42[\"auth\"");
            client.send("42[\"ask-me\"]").next("421[\"sure?\",\"really\"]");
            assertThat(client.next("42")).isEqualTo("42[\"position\",\"\"]");
            client.close();
            other.send("42[\"to-all\",\"missed\"]").next("42[\"to-all\"");
            try (PacketClient again = open(withHistory)) {
                // Even while the server still considers the old connection alive.
                again.send("40{\"pid\":\"" + pid + "\",\"offset\":\"\"}");
                assertThat(again.next("40{")).contains(pid);
                assertThat(again.next("42[\"to-all\"")).startsWith("42[\"to-all\",\"missed\",\"");
            }
        }
    }
}
