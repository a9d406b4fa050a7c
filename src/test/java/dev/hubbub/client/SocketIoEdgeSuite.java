package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of Socket.IO may send and expect, although Hubbub's own protocol knows it otherwise. */
public abstract class SocketIoEdgeSuite extends SocketIoPollingSuite {
    @Test
    void nullAndNoArgumentAreAcknowledgedDifferently() {
        try (PacketClient client = connected()) {
            assertThat(client.send("421[\"echo\",null]").next("43")).isEqualTo("431[null]");
            assertThat(client.send("422[\"echo\"]").next("43")).isEqualTo("432[]");
            assertThat(client.send("423[\"ping\"]").next("43")).isEqualTo("433[]"); // a method without a result
            assertThat(client.send("42[\"echo\",null]").next("42[\"ack\"")).startsWith("42[\"ack\",null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ack", "error", "connected"})
    void aNameOfHubbubsOwnProtocolIsANameLikeAnyOther(String name) {
        try (PacketClient client = connected()) {
            assertThat(client.send("421[\"" + name + "\",1]").next("43")).contains("\"code\":\"unknown-event\"");
            assertThat(client.send("42[\"" + name + "\",1]").next("42")).contains("\"code\":\"unknown-event\"");
        }
    }

    @Test
    void allThatWaitsForAPollIsInItsResponse() throws Exception {
        String sid = openConnected();
        for (int i = 0; i < 5; i++) {
            postPackets(sid, "42" + i + "[\"echo\"," + i + "]");
        }
        String acknowledgements =
                IntStream.range(0, 5).mapToObj(i -> "43" + i + "[" + i + "]").collect(Collectors.joining("\u001e"));
        assertThat(pollPackets(sid).get().body()).isEqualTo(acknowledgements);
        for (int i = 0; i < 3; i++) { // more than is sent at once by other transports
            postPackets(sid, "421" + i + "[\"echo\",\"" + "x".repeat(50_000) + "\"]");
        }
        assertThat(pollPackets(sid).get().body()).hasSize(3 * ("4310[\"\"]".length() + 50_000) + 2);
    }

    @Test
    void aPacketWithAnImpossibleIdIsRejectedAndTheConnectionStaysOpen() {
        String id = "9".repeat(30);
        try (PacketClient client = connected()) {
            client.send("43[1]").send("43" + id + "[1]").send("461-" + id + "[{\"_placeholder\":true,\"num\":0}]");
            client.send((byte) 1);
            client.send("42" + id + "[\"echo\",1]");
            assertThat(client.next("42[\"error\"")).startsWith("42[\"error\",{\"code\":\"malformed\"");
            assertThat(client.send("42007[\"echo\",1]").next()).isEqualTo("437[1]");
            assertThat(client.send("42999999999999999999[\"echo\",1]").next()).isEqualTo("43999999999999999999[1]");
        }
    }

    @Test
    void aHeadRequestNeitherOpensASessionNorWaits() throws Exception {
        assertThat(head("socket.io/" + POLLING).statusCode()).isEqualTo(400);
        String sid = openConnected();
        assertThat(head("socket.io/" + POLLING + "&sid=" + sid).statusCode()).isEqualTo(400);
        postPackets(sid, "42[\"ping\"]");
        HttpResponse<String> poll = pollPackets(sid).get();
        assertThat(poll.body()).startsWith("42[\"pong\"");
    }
}
