package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hubbub.Data;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket frames, limits, compression, closing, and origins. */
public abstract class WebSocketSuite extends ProtocolSuite {
    private static final Pattern ACK = Pattern.compile("\"id\":\"(\\d+)\"");

    @Test
    void aFrameOverTheLimitClosesTheConnectionWith1009() {
        try (EventClient kim = connect();
                EventClient bystander = connect()) {
            bystander.join("big");
            kim.join("big");
            bystander.untilPong();
            kim.send("{\"name\":\"echo\",\"data\":\"" + "x".repeat(65_000) + "\"}")
                    .next("ack");
            kim.send("{\"name\":\"echo\",\"data\":\"" + "x".repeat(70_000) + "\"}");
            kim.error("too-large");
            kim.awaitClose(1009);
            assertThat(bystander.next("left").data().string("id")).isEqualTo(kim.id());
            EventClient lee = connect();
            lee.send(EventClient.binary("{\"name\":\"echo\"}", new byte[70_000]));
            lee.error("too-large");
            lee.awaitClose(1009);
        }
    }

    private static byte[] masked(int start, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) start);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) 0xfe).putShort((short) payload.length);
        }
        frame.putInt(0x5a5a5a5a);
        for (byte b : payload) {
            frame.put((byte) (b ^ 0x5a));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] echo(int id, int length) {
        String data = id % 3 == 0 ? "\u00e9".repeat(length / 2) : "x".repeat(length);
        return ("{\"name\":\"echo\",\"id\":\"" + id + "\",\"data\":\"" + data + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the server joins a character of two fragments, and goes on after a pong that arrives in two parts. */
    protected boolean readsFramesWhereverTheyAreCut() {
        return true;
    }

    /** Many short messages, with long and fragmented ones, pings and pongs between them, cut anywhere. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void framesOfAllKindsAreHandledInOrderWhereverTheyAreCut(long seed) throws Exception {
        assumeTrue(readsFramesWhereverTheyAreCut());
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int id = 1; id <= 600; id++) {
            int kind = random.nextInt(60);
            byte[] event = echo(id, kind == 0 ? 6000 : random.nextInt(300));
            if (kind == 1) {
                int half = event.length / 2;
                all.write(masked(0x01, Arrays.copyOf(event, half)));
                all.write(masked(0x80, Arrays.copyOfRange(event, half, event.length)));
            } else {
                all.write(masked(0x81, event));
            }
            expected.add(String.valueOf(id));
            if (kind == 2) {
                all.write(masked(0x89, ("p" + id).getBytes(StandardCharsets.US_ASCII)));
            } else if (kind == 3) {
                all.write(masked(0x8a, new byte[0]));
            }
        }
        byte[] bytes = all.toByteArray();
        try (RawWebSocket socket = RawWebSocket.open(url(), "events")) {
            socket.socket.setTcpNoDelay(true);
            Thread sender = new Thread(() -> {
                try {
                    int sent = 0;
                    while (sent < bytes.length) {
                        int count =
                                Math.min(bytes.length - sent, 1 + random.nextInt(random.nextInt(9) == 0 ? 9000 : 400));
                        socket.send(Arrays.copyOfRange(bytes, sent, sent + count));
                        sent += count;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            List<String> answered = new ArrayList<>();
            while (answered.size() < expected.size()) {
                RawWebSocket.Received frame = socket.receive();
                Matcher ack = ACK.matcher(new String(frame.payload(), StandardCharsets.UTF_8));
                if (frame.opcode() == 1 && ack.find()) {
                    answered.add(ack.group(1));
                } else {
                    assertThat(frame.opcode()).isNotEqualTo(8);
                }
            }
            sender.join();
            assertThat(answered).isEqualTo(expected);
            socket.sendText(new byte[] {(byte) 0xff});
            assertThat(socket.awaitCloseCode()).isEqualTo(1007);
        }
    }

    private static byte[] event(String event) {
        return masked(0x81, event.getBytes(StandardCharsets.UTF_8));
    }

    /** The first messages of a connection arrive together, and nothing else happens on the server. */
    @Test
    void messagesThatArriveTogetherAreAllAnsweredAtOnce() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawWebSocket socket = RawWebSocket.open(url(), "events")) {
                ByteArrayOutputStream together = new ByteArrayOutputStream();
                together.write(event("{\"name\":\"join\",\"data\":{\"room\":\"together\"}}"));
                for (int id = 1; id <= 5; id++) {
                    together.write(
                            event("{\"name\":\"message\",\"data\":{\"room\":\"together\",\"text\":\"" + id + "\"}}"));
                }
                socket.send(together.toByteArray());
                for (int id = 1; id <= 5; id++) {
                    socket.awaitText("\"text\":\"" + id + "\"");
                }
            }
        }
    }

    @Test
    void invalidUtf8ClosesTheConnectionWith1007() throws IOException {
        try (RawWebSocket socket = RawWebSocket.open(url(), "events")) {
            socket.sendText(new byte[] {(byte) 0xff}); // not the start of a character
            assertThat(socket.awaitCloseCode()).isEqualTo(1007);
        }
    }

    private RawWebSocket offerDeflate() throws IOException {
        RawWebSocket socket = RawWebSocket.open(url(), "events", "Sec-WebSocket-Extensions", "permessage-deflate");
        assertThat(socket.head).contains(" 101 ");
        assertThat(socket.head.contains("permessage-deflate")).isEqualTo(isCompressionEnabled());
        return socket;
    }

    /** The bomb is 16 MB of zeros in 16 KB (RFC 7692). */
    @Test
    void compressionIsNegotiatedWhenEnabledAndADecompressionBombClosesTheConnectionWith1009() throws IOException {
        try (RawWebSocket socket = offerDeflate()) {
            if (!isCompressionEnabled()) {
                return;
            }
            Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
            deflater.setInput(new byte[16 * 1024 * 1024]);
            byte[] bomb = new byte[32 * 1024];
            int length = deflater.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH) - 4;
            deflater.end();
            ByteBuffer frame = ByteBuffer.allocate(8 + length)
                    .put((byte) 0xc1)
                    .put((byte) (0x80 | 126))
                    .putShort((short) length)
                    .putInt(0)
                    .put(bomb, 0, length);
            socket.send(frame.array());
            assertThat(socket.awaitCloseCode()).isEqualTo(1009);
        }
        try (EventClient other = connect()) {
            other.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    @Test
    void aClientThatStopsReadingIsDisconnectedAndItsSocketClosed() throws Exception {
        try (EventClient sender = connect();
                Socket reader = new Socket()) {
            sender.join("stopped");
            reader.setReceiveBufferSize(4096);
            reader.connect(new InetSocketAddress(url().getHost(), url().getPort()));
            new RawWebSocket(reader, url(), "events")
                    .sendText("{\"name\":\"join\",\"data\":{\"room\":\"stopped\"}}".getBytes(StandardCharsets.UTF_8));
            sender.next("joined");
            String broadcast =
                    "{\"name\":\"broadcast\",\"data\":{\"room\":\"stopped\",\"text\":\"" + "x".repeat(30_000) + "\"}}";
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
                sender.send(broadcast);
                return sender.events.stream().anyMatch(event -> event.name().equals("left"));
            });
            if (writesBelowJakartaWebSocket()) {
                await().until(() -> !isEstablished(url().getPort(), reader.getLocalPort()));
            }
        }
    }

    /** Whether the server's end of a connection is in the state ESTABLISHED: proc(5), tcp_states.h. */
    private static boolean isEstablished(int server, int client) throws IOException {
        Pattern established = Pattern.compile("\\s*\\d+: \\w+:%04X \\w+:%04X 01 .*".formatted(server, client));
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(table))
                    && Files.readAllLines(Path.of(table)).stream()
                            .anyMatch(line -> established.matcher(line).matches())) {
                return true;
            }
        }
        return false;
    }

    /** RFC 6455, section 7.1.1. */
    @Test
    void theServerWaitsForTheCloseFrameBeforeItClosesTheSocket() throws IOException {
        try (RawWebSocket closed = closedByTheServer()) {
            if (waitsForCloseFrame()) {
                closed.socket.setSoTimeout(300);
                assertThatThrownBy(closed.in()::read).isInstanceOf(SocketTimeoutException.class);
                closed.socket.setSoTimeout(10_000);
                closed.send(RawWebSocket.CLOSE_1008);
            }
            assertThat(closed.in().read()).isEqualTo(-1);
        }
    }

    /** The status of a WebSocket request from a page of this origin. */
    private int openFrom(String origin, String path) throws IOException {
        return HandshakeProbe.webSocket(url(), path, "Origin", origin).status();
    }

    @Test
    void webSocketsFromOtherOriginsAreRejected() throws IOException {
        String own = "http://" + url().getAuthority();
        assertThat(openFrom(own, "events")).isEqualTo(101);
        assertThat(openFrom("https://evil.example", "events")).isEqualTo(403);
        assertThat(openFrom(own + ".evil.example", "events")).isEqualTo(403);
        assertThat(openFrom("null", "events")).isEqualTo(403);
    }

    @Test
    void socketIoConnectionsFromOtherOriginsAreRejected() throws IOException {
        String path = "socket.io/?EIO=4&transport=websocket";
        assertThat(openFrom("http://" + url().getAuthority(), path)).isEqualTo(101);
        assertThat(openFrom("https://evil.example", path)).isEqualTo(403);
    }

    /** If a server reuses a request object while its WebSocket is still opening, the next client receives nothing. */
    @Test
    void webSocketsThatCloseImmediatelyDoNotAffectTheNextOne() throws Exception {
        String polling = "socket.io/?EIO=4&transport=polling";
        Callable<Void> connections = () -> {
            for (int i = 0; i < 50; i++) {
                HandshakeProbe opened = HandshakeProbe.request(url(), "GET", polling, "");
                String session = polling + "&sid="
                        + Data.parse(opened.body().substring(1)).string("sid");
                assertThat(HandshakeProbe.request(url(), "POST", session, "40").status())
                        .isEqualTo(200);
                assertThat(HandshakeProbe.request(url(), "POST", session, "1").status())
                        .isEqualTo(200);
                try (RawWebSocket closed = engineSocket()) {
                    closed.send(RawWebSocket.CLOSE_1000);
                    closed.in().readAllBytes();
                }
                try (RawWebSocket next = engineSocket()) {
                    assertThat(next.in().read()).isEqualTo(0x81); // a text frame: the Engine.IO handshake
                }
            }
            return null;
        };
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            for (Future<Void> client : clients.invokeAll(Collections.nCopies(4, connections))) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }
}
