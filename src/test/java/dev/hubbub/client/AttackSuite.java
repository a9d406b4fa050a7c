package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Event;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is thrown at a server on the open net, while two who mean it well talk in a room and notice nothing. The same for every
 * server that the WAR runs on.
 */
public abstract class AttackSuite {
    private EventClient kim;
    private EventClient lee;
    private int said;

    /** Where the application is, with a slash at the end. */
    protected abstract URI url();

    private URI events() {
        return URI.create("ws" + url().toString().substring("http".length()) + "events");
    }

    @BeforeEach
    void talk() {
        kim = EventClient.connect(events()).join("bystanders");
        lee = EventClient.connect(events()).join("bystanders");
        kim.next("joined");
    }

    /** Nothing was lost, nothing came that was not said, nobody was let go. */
    @AfterEach
    void nothingWasNoticed() {
        say();
        assertThat(texts(kim)).isEqualTo(texts(lee)).hasSize(said);
        assertThat(kim.events.stream().map(Event::name))
                .containsOnly("connected", "hello", "joined", "message")
                .contains("message");
        assertThat(kim.closeCode).isZero();
        assertThat(lee.closeCode).isZero();
        kim.close();
        lee.close();
    }

    private void say() {
        String text = Integer.toString(said++);
        kim.send("{\"name\":\"message\",\"data\":{\"room\":\"bystanders\",\"text\":\"" + text + "\"}}");
        lee.next(event -> text.equals(event.data().string("text")));
        kim.next(event -> text.equals(event.data().string("text")));
    }

    private static List<String> texts(EventClient client) {
        return client.events.stream()
                .filter(event -> event.name().equals("message"))
                .map(event -> event.data().string("text"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../WEB-INF/web.xml",
                "WEB-INF/lib/",
                "%2e%2e/%2e%2e/etc/passwd",
                "..%2f..%2fetc/passwd",
                "chat/..;/WEB-INF/web.xml",
                "META-INF/MANIFEST.MF",
                "chat/%00.js",
                "chat\\..\\..\\WEB-INF\\web.xml",
                "socket.io/../../WEB-INF/classes/"
            })
    void filesThatAreNotForThePublicStayWhereTheyAre(String path) throws Exception {
        HandshakeProbe knock = HandshakeProbe.request(url(), "GET", path, "", "Connection", "close");
        assertThat(knock.status() / 100).as(knock.head() + knock.body()).isNotEqualTo(2);
        assertThat(knock.body()).doesNotContain("root:", "<web-app", "Manifest-Version", "at dev.hubbub");
    }

    @Test
    void twoWaysToReadOneRequestAreNone() throws Exception {
        String head = "POST " + url().getPath() + "events/send HTTP/1.1\r\nHost: " + url().getAuthority() + "\r\n";
        String hidden = "GET " + url().getPath() + "events/poll?room=smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
        for (String trick : List.of(
                head + "Content-Length: 6\r\nContent-Length: 5\r\n\r\n",
                head + "Content-Length: -1\r\n\r\n",
                head + "Content-Length: 5x\r\n\r\n",
                head + "Transfer-Encoding: chunked, x\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + hidden)) {
            HandshakeProbe knock = HandshakeProbe.raw(url(), trick + hidden);
            assertThat(knock.status()).as(trick).isIn(0, 400, 404, 413, 501);
            assertThat(knock.body()).doesNotContain("connected");
        }
    }

    /** The hundred are there all the time; two who come late are served like any other. */
    @Test
    void handshakesAndBodiesThatNeverEndHoldNobodyUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(url().getHost(), url().getPort());
                slow.add(socket);
                String start = i % 2 == 0
                        ? "GET " + url().getPath() + "events HTTP/1.1\r\nHost: x\r\nUpgrade: webso"
                        : "POST " + url().getPath()
                                + "events/send HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{";
                socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            }
            say();
            try (EventClient late = EventClient.connect(events())) {
                late.send("{\"name\":\"echo\",\"id\":1}").next("ack");
            }
            assertThat(HandshakeProbe.request(url(), "GET", "health", "").status())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void framesThatNobodyMaySendEndTheirSender() throws Exception {
        String upgrade = "GET " + url().getPath() + "events HTTP/1.1\r\nHost: " + url().getAuthority()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        List<String> survivors = new ArrayList<>();
        for (byte[] frame : List.of(
                new byte[] {(byte) 0xF1, (byte) 0x80, 0, 0, 0, 0}, // reserved bits
                new byte[] {(byte) 0x83, (byte) 0x80, 0, 0, 0, 0}, // an unknown kind
                Arrays.copyOf(new byte[] {(byte) 0x89, (byte) 0xFE, 1, 0}, 264), // a ping of 256 bytes
                new byte[] {(byte) 0x80, (byte) 0x80, 0, 0, 0, 0}, // the end of nothing
                new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, (byte) 0xC3, 0x28}, // no UTF-8
                new byte[] {(byte) 0x82, (byte) 0xFF, 0x7F, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0
                })) { // 2^63 - 1 bytes
            try (Socket socket = new Socket(url().getHost(), url().getPort())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                for (int last = 0; last != 0x0D0A0D0A; ) { // the answer's head
                    last = last << 8 | in.readUnsignedByte();
                }
                socket.getOutputStream().write(frame);
                if (frame[1] == (byte) 0xFF) { // some servers wait for what is announced, within their time-outs
                    continue;
                }
                if (!isEnded(in)) {
                    survivors.add(String.format("0x%02X", frame[0]));
                }
            }
        }
        assertThat(survivors).isEmpty();
    }

    /** By a close frame, or without a word. */
    private static boolean isEnded(DataInputStream in) throws IOException {
        try {
            while (true) { // a server's frames are not masked
                int kind = in.readUnsignedByte() & 0x0F;
                int length = in.readUnsignedByte();
                if (kind == 8) {
                    return true;
                }
                in.skipNBytes(length < 126 ? length : in.readUnsignedShort());
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (EOFException | SocketException reset) {
            return true;
        }
    }

    @Test
    void whatIsDeepOrLongCostsNothing() {
        try (EventClient client = EventClient.connect(events())) {
            for (String bad : List.of(
                    "[".repeat(60_000),
                    "{\"name\":\"echo\",\"data\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}",
                    "{\"name\":\"echo\",\"data\":" + "9".repeat(60_000) + "}",
                    "{\"name\":\"echo\",\"data\":1e999999999}",
                    "{\"name\":\"" + "x".repeat(60_000) + "\"}",
                    "{" + "\"a\":1,".repeat(9_000) + "\"name\":1}")) {
                client.send(bad).error("malformed");
            }
            client.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
        say();
    }

    @Test
    void aCrowdThatConnectsAndVanishesLeavesNothingBehind() {
        for (int round = 0; round < 5; round++) {
            List<EventClient> crowd = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                EventClient client = new EventClient(events());
                client.send("{\"name\":\"join\",\"data\":{\"room\":\"crowd-" + i + "\"}}");
                crowd.add(client);
            }
            crowd.forEach(EventClient::abort);
            say();
        }
        // Payara overlooks one in a thousand of those who vanish at once; the next ping, after 25 s, finds it.
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(HandshakeProbe.request(url(), "GET", "health", "")
                                .body())
                        .contains("\"clients\":2,"));
    }

    @Test
    void aFloodOfNonsenseEndsItsSender() {
        try (EventClient client = EventClient.connect(events())) {
            try {
                for (int i = 0; i < 1_000 && client.closeCode == 0; i++) {
                    client.send("nonsense");
                }
            } catch (RuntimeException closed) {
                assertThat(client.events).isNotEmpty();
            }
            client.awaitClose(1008);
        }
    }
}
