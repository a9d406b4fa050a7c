package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Socket.IO clients: the ones from npm and Java, and packets. */
public abstract class SocketIoSuite extends SocketIoEdgeSuite {
    @Test
    void theSocketIoClientScriptIsServed() throws Exception {
        Tools.needClientScripts();
        HttpResponse<String> script = get("socket.io/socket.io.min.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("Content-Type").orElse("")).contains("javascript");
        assertThat(script.body()).contains("Socket.IO v");
        assertThat(get("socket.io/other.js").statusCode()).isEqualTo(404);
    }

    @Test
    void theNpmSocketIoClientCompletesItsScenarios() throws Exception {
        NodeScripts.socketIo(url());
    }

    @Test
    void anInvalidEventNameIsAnErrorAndTheConnectionStaysOpen() throws Exception {
        try (PacketClient client = connected()) {
            client.send("421[\"" + "x".repeat(200) + "\"]");
            assertThat(client.next("431")).contains("\"error\":{\"code\":\"malformed\"");
            client.send("42[\"\"]");
            assertThat(client.next("42[\"error\"")).contains("malformed");
            client.send("42[\"ping\"]").next("42[\"pong\"");
        }
    }

    @Test
    void unknownNamespacesAreRejectedAndANamespaceCanBeRejoined() throws Exception {
        try (PacketClient client = open(WEBSOCKET)) {
            client.next();
            assertThat(client.send("40/random,").next()).isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
            client.send("40").next("40{");
            client.send("41").send("40{\"token\":1}").next("40{");
            client.send("42[\"ping\"]").next("42[\"pong\"");
        }
    }

    @Test
    void socketIoAndWebSocketClientsShareARoom() throws Exception {
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

            // A placeholder of an attachment that does not exist would end the client's connection.
            String forged = "{\"name\":\"message\",\"data\":{\"room\":\"both\",\"text\":\"forged\",\"x\":"
                    + "{\"_placeholder\":true,\"num\":9}}}";
            kim.send(EventClient.binary(forged, new byte[] {1}));
            assertThat(lee.next("42[\"message\"")).contains("forged");
        }
    }

    @Test
    void theJavaClientConnectsByPollingAndByWebSocket() throws Exception {
        for (String transport : List.of("polling", "websocket")) {
            IO.Options options = new IO.Options();
            options.path = url().getPath() + "socket.io/";
            options.transports = new String[] {transport};
            options.forceNew = true;
            options.auth = Map.of("token", "x");
            Socket socket = IO.socket(url().resolve("/"), options);
            BlockingQueue<Object> received = new LinkedBlockingQueue<>();
            socket.on("hello", arguments -> received.add(arguments[0]));
            socket.on("message", arguments -> received.add(arguments[0]));
            socket.on(Socket.EVENT_CONNECT_ERROR, arguments -> received.add(arguments[0]));
            socket.connect();
            try {
                socket.emit("join", new JSONObject().put("room", "java-" + transport));
                assertThat(received.poll(10, TimeUnit.SECONDS)).asString().contains("java-" + transport);
                JSONObject message =
                        new JSONObject().put("room", "java-" + transport).put("text", "안녕");
                socket.emit("message", message.put("bytes", new byte[] {1, 2}));
                JSONObject answer = (JSONObject) received.poll(10, TimeUnit.SECONDS);
                assertThat(answer.getString("text")).isEqualTo("안녕");
                assertThat((byte[]) answer.get("bytes")).containsExactly(1, 2);
                socket.emit("echo", new Object[] {5}, (Ack) arguments -> received.add(arguments[0]));
                assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(5);
            } finally {
                socket.disconnect();
            }
        }
    }

    @Test
    void resumingRequiresAValidSecretAndOffset() throws Exception {
        PacketClient kim = connected();
        kim.close();
        try (PacketClient other = connected()) {
            other.send("42[\"join\",{\"room\":\"secret\"}]").next("42[\"hello\"");
            List<String> answers = new ArrayList<>();
            for (String auth : List.of(
                    "{\"pid\":\"forged\",\"offset\":\"AAAAAAAAAAA.1\"}",
                    "{\"pid\":7}",
                    "{\"pid\":{}}",
                    "{\"offset\":\"x\"}")) {
                try (PacketClient client = open(WEBSOCKET)) {
                    client.next();
                    answers.add(client.send("40" + auth).next());
                }
            }
            assertThat(answers)
                    .allMatch(answer -> answer.startsWith("40{\"sid\":"))
                    .noneMatch(answer -> answer.contains("forged"));
        }
    }

    @Test
    void missingAttachmentsAffectOnlyTheirSender() throws Exception {
        try (PacketClient kim = connected();
                PacketClient lee = connected()) {
            kim.send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
            lee.send("42[\"ping\"]").next("42[\"pong\"");
            kim.send("42[\"ping\"]").awaitClose();
        }
    }

    @Test
    void aSocketIoClientReadsHistoryAndJoinsWithTheLastEvents() throws Exception {
        try (EventClient kim = connect();
                PacketClient lee = connected()) {
            kim.join("io-history");
            for (int i = 1; i <= 3; i++) {
                kim.send("{\"name\":\"message\",\"id\":1,\"data\":{\"room\":\"io-history\",\"text\":\"" + i + "\"}}");
                kim.next("ack");
            }
            lee.send("42[\"join\",{\"room\":\"io-history\",\"last\":2}]").next("42[\"hello\"");
            assertThat(lee.next("42[\"message\"")).contains("\"text\":\"2\"");
            assertThat(lee.next("42[\"message\"")).contains("\"text\":\"3\"");
            String page = lee.send("427[\"history\",{\"room\":\"io-history\",\"limit\":2}]")
                    .next("437[");
            assertThat(page)
                    .startsWith("437[{\"room\":\"io-history\",\"events\":[{\"name\":\"message\"")
                    .contains("\"text\":\"2\"", "\"text\":\"3\"", "\"at\":", "\"more\":true");
        }
    }
}
