package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** The event protocol, over real sockets. The same for every server that the WAR runs on. */
public abstract class ProtocolSuite {
    /** Where the application is, with a slash at the end. */
    protected abstract URI url();

    protected URI events() {
        return URI.create("ws" + url().toString().substring("http".length()) + "events");
    }

    protected EventClient connect(String... headers) {
        return EventClient.connect(events(), headers);
    }

    @Test
    void theTutorialsFirstFrameIsAnsweredByHello() {
        try (EventClient kim = connect()) {
            Data hello = kim.send("{\"name\":\"join\"}").next("hello").data();
            assertThat(hello.string("room")).isEqualTo("lobby");
            assertThat(hello.string("id")).isEqualTo(kim.id());
        }
    }

    @Test
    void aRoomHearsItsMembersAndOnlyThem() {
        try (EventClient kim = connect();
                EventClient lee = connect();
                EventClient out = connect()) {
            kim.join("hears");
            lee.join("hears");
            out.join("elsewhere");
            assertThat(kim.next("joined").data().string("id")).isEqualTo(lee.id());
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"hears\",\"text\":\"안녕 😀\",\"extra\":[1.50]}}");
            String expected = "{\"room\":\"hears\",\"from\":\"" + kim.id() + "\",\"text\":\"안녕 😀\",\"extra\":[1.50]}";
            assertThat(lee.next("message").data().json()).isEqualTo(expected);
            assertThat(kim.next("message").data().json()).isEqualTo(expected);
            lee.send("{\"name\":\"broadcast\",\"data\":{\"room\":\"hears\",\"n\":1}}");
            assertThat(kim.next("broadcast").data().string("from")).isEqualTo(lee.id());
            assertThat(lee.untilNow()).isEmpty();
            assertThat(out.untilNow()).isEmpty();
        }
    }

    @Test
    void leavingAndVanishingAreTold() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("leaving");
            lee.join("leaving");
            lee.send("{\"name\":\"leave\",\"data\":{\"room\":\"leaving\"},\"id\":1}");
            assertThat(lee.next("left").data().string("id")).isEqualTo(lee.id());
            assertThat(lee.next("ack").id()).isEqualTo("1");
            assertThat(kim.next("left").data().string("id")).isEqualTo(lee.id());
            EventClient ghost = connect().join("leaving");
            ghost.abort();
            assertThat(kim.next("left").data().string("id")).isEqualTo(ghost.id());
        }
    }

    @Test
    void everyEventWithAnIdIsAnsweredOnce() {
        try (EventClient kim = connect()) {
            kim.join("ids");
            kim.send("{\"name\":\"echo\",\"data\":{\"a\":[null]},\"id\":\"x-1\"}");
            Event ack = kim.next("ack");
            assertThat(ack.id()).isEqualTo("\"x-1\"");
            assertThat(ack.data().json()).isEqualTo("{\"a\":[null]}");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"ids\"},\"id\":2}");
            assertThat(kim.next("ack").id()).isEqualTo("2");
            kim.send("{\"name\":\"nobody\",\"id\":3}");
            Event error = kim.next("error");
            assertThat(error.id()).isEqualTo("3");
            assertThat(error.data().string("code")).isEqualTo("unknown-event");
            assertThat(kim.untilNow()).isEmpty();
        }
    }

    @Test
    void orderHoldsWhileTwoTalkAtOnce() {
        int each = 500;
        try (EventClient kim = connect();
                EventClient lee = connect();
                EventClient third = connect()) {
            List<EventClient> all = List.of(kim, lee, third);
            all.forEach(client -> client.join("order"));
            all.forEach(EventClient::untilNow);
            Thread other = new Thread(() -> talk(lee, each));
            other.start();
            talk(kim, each);
            all.forEach(client -> {
                for (int i = 0; i < 2 * each; i++) {
                    client.next("message");
                }
            });
            List<Data> order = messages(kim);
            assertThat(order).hasSize(2 * each);
            assertThat(messages(lee)).isEqualTo(order);
            assertThat(messages(third)).isEqualTo(order);
            for (EventClient talker : List.of(kim, lee)) {
                assertThat(order.stream()
                                .filter(data -> data.string("from").equals(talker.id()))
                                .map(data -> Integer.parseInt(data.string("text"))))
                        .hasSize(each)
                        .isSorted();
            }
        }
    }

    private static void talk(EventClient client, int messages) {
        for (int i = 0; i < messages; i++) {
            client.send("{\"name\":\"message\",\"data\":{\"room\":\"order\",\"text\":\"" + i + "\"}}");
        }
    }

    private static List<Data> messages(EventClient client) {
        return client.events.stream()
                .filter(event -> event.name().equals("message"))
                .map(Event::data)
                .toList();
    }

    @Test
    void badEventsAreAnsweredAndLoseNothing() {
        try (EventClient kim = connect();
                EventClient bystander = connect()) {
            bystander.join("bad");
            kim.join("bad");
            bystander.untilNow();
            kim.send("hello?").error("malformed");
            kim.send("[1]").error("malformed");
            kim.send("{\"data\":1}").error("malformed");
            kim.send("{\"name\":7}").error("malformed");
            kim.send("{\"name\":\"\"}").error("malformed");
            kim.send("{\"name\":\"x\",\"id\":{}}").error("malformed");
            kim.send("[".repeat(10_000)).error("malformed");
            kim.send("{\"name\":\"zork\"}").error("unknown-event");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"other\"}}").error("not-in-room");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":7}}").error("invalid-data");
            kim.send("{\"name\":\"join\",\"data\":\"bad\"}").error("invalid-data");
            kim.send("no zero byte".getBytes(StandardCharsets.UTF_8)).error("malformed");
            kim.send(new byte[] {(byte) 0xff, 0}).error("malformed");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"bad\",\"text\":\"still here\"}}");
            assertThat(bystander.next(event -> true).data().string("text")).isEqualTo("still here");
        }
    }

    @Test
    void aMessageBeforeJoiningIsRefused() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"message\",\"data\":{\"text\":\"hi\"},\"id\":1}")
                    .error("not-in-room");
            kim.join("lobby");
        }
    }

    @Test
    void aFrameThatIsTooBigClosesItsSenderWith1009() {
        try (EventClient kim = connect();
                EventClient bystander = connect()) {
            bystander.join("big");
            kim.join("big");
            bystander.untilNow();
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

    @Test
    void textThatIsNotUtf8ClosesItsSenderWith1007() throws IOException {
        try (Socket socket = new Socket(url().getHost(), url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(handshake());
            readHead(socket.getInputStream());
            socket.getOutputStream().write(textFrame(new byte[] {(byte) 0xff})); // begins no character
            byte[] answer = closeFrame(socket.getInputStream());
            assertThat((answer[0] & 0xff) << 8 | answer[1] & 0xff).isEqualTo(1007);
        }
    }

    /** Whether permessage-deflate is switched on, on a server that has it. */
    protected boolean compresses() {
        return false;
    }

    private Socket offerDeflate() throws IOException {
        Socket socket = new Socket(url().getHost(), url().getPort());
        socket.setSoTimeout(10_000);
        String request = new String(handshake(), StandardCharsets.US_ASCII)
                .replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String head = readHead(socket.getInputStream());
        assertThat(head).contains(" 101 ");
        assertThat(head.contains("permessage-deflate")).isEqualTo(compresses());
        return socket;
    }

    /** RFC 7692: 16 MB of zeros in 16 KB. */
    @Test
    void framesAreCompressedWhereThatIsSwitchedOnAndBombsCloseTheirSenderWith1009() throws IOException {
        try (Socket socket = offerDeflate()) {
            if (!compresses()) {
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
            socket.getOutputStream().write(frame.array());
            byte[] answer = closeFrame(socket.getInputStream());
            assertThat((answer[0] & 0xff) << 8 | answer[1] & 0xff).isEqualTo(1009);
        }
        try (EventClient neighbour = connect()) {
            neighbour.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    /** Whether frames go out below Jakarta WebSocket, which offers no way to end a connection whose close frame is stuck. */
    protected boolean sendsFast() {
        return true;
    }

    @Test
    void aReaderThatStopsIsLetGoSocketAndAll() throws Exception {
        try (EventClient talker = connect();
                Socket reader = new Socket()) {
            talker.join("stopped");
            reader.setReceiveBufferSize(4096);
            reader.connect(new InetSocketAddress(url().getHost(), url().getPort()));
            reader.getOutputStream().write(handshake());
            readHead(reader.getInputStream());
            byte[] join = "{\"name\":\"join\",\"data\":{\"room\":\"stopped\"}}".getBytes(StandardCharsets.UTF_8);
            reader.getOutputStream().write(textFrame(join));
            talker.next("joined");
            String broadcast =
                    "{\"name\":\"broadcast\",\"data\":{\"room\":\"stopped\",\"text\":\"" + "x".repeat(30_000) + "\"}}";
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
                talker.send(broadcast);
                return talker.events.stream().anyMatch(event -> event.name().equals("left"));
            });
            if (sendsFast()) {
                await().until(() -> !isEstablished(url().getPort(), reader.getLocalPort()));
            }
        }
    }

    /** Jetty and WildFly end the socket of whom they close, at least with 1008, at once. */
    protected boolean awaitsAnswers() {
        return true;
    }

    /** RFC 6455, section 7.1.1. */
    @Test
    void whoIsClosedMayAnswerBeforeTheSocketEnds() throws IOException {
        try (Socket socket = closedByTheServer()) {
            if (awaitsAnswers()) {
                socket.setSoTimeout(300);
                assertThatThrownBy(socket.getInputStream()::read).isInstanceOf(SocketTimeoutException.class);
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xf0});
            }
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A WebSocket of Engine.IO that has been opened and has not been read from. */
    final Socket engineSocket() throws IOException {
        Socket socket = new Socket(url().getHost(), url().getPort());
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(handshake(url().getPath() + "socket.io/?EIO=4&transport=websocket"));
        assertThat(readHead(socket.getInputStream())).contains(" 101 ");
        return socket;
    }

    /** A client that has been sent a close frame, 1008, and has not answered. */
    protected final Socket closedByTheServer() throws IOException {
        Socket socket = engineSocket();
        socket.getOutputStream().write(textFrame(new byte[] {'x'}));
        byte[] answer = closeFrame(socket.getInputStream());
        assertThat((answer[0] & 0xff) << 8 | answer[1] & 0xff).isEqualTo(1008);
        return socket;
    }

    /** The server's end of a connection, as Linux shows it: proc(5), tcp_states.h. */
    private static boolean isEstablished(int server, int client) throws IOException {
        Pattern wanted = Pattern.compile("\\s*\\d+: \\w+:%04X \\w+:%04X 01 .*".formatted(server, client));
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(table))
                    && Files.readAllLines(Path.of(table)).stream()
                            .anyMatch(line -> wanted.matcher(line).matches())) {
                return true;
            }
        }
        return false;
    }

    /** The status line that answers a page of this origin. */
    private String openedFrom(String origin) throws IOException {
        return openedFrom(origin, events().getPath());
    }

    private String openedFrom(String origin, String path) throws IOException {
        try (Socket socket = new Socket(url().getHost(), url().getPort())) {
            socket.setSoTimeout(10_000);
            String request = new String(handshake(path), StandardCharsets.US_ASCII);
            String withOrigin = request.replace("\r\n\r\n", "\r\nOrigin: " + origin + "\r\n\r\n");
            socket.getOutputStream().write(withOrigin.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void onlyPagesOfThisHostMayConnect() throws IOException {
        assertThat(openedFrom("http://" + url().getAuthority())).contains(" 101 ");
        assertThat(openedFrom("https://evil.example")).contains(" 403 ");
        assertThat(openedFrom("http://" + url().getAuthority() + ".evil.example"))
                .contains(" 403 ");
        assertThat(openedFrom("null")).contains(" 403 ");
    }

    @Test
    void onlyPagesOfThisHostMayConnectBySocketIo() throws IOException {
        String path = url().getPath() + "socket.io/?EIO=4&transport=websocket";
        assertThat(openedFrom("http://" + url().getAuthority(), path)).contains(" 101 ");
        assertThat(openedFrom("https://evil.example", path)).contains(" 403 ");
    }

    private byte[] handshake() {
        return handshake(events().getPath());
    }

    /** A request to open a WebSocket. */
    final byte[] handshake(String path) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + url().getAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        return request.getBytes(StandardCharsets.US_ASCII);
    }

    /** Short, and masked with zeros. */
    private static byte[] textFrame(byte[] text) {
        return ByteBuffer.allocate(6 + text.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | text.length))
                .putInt(0)
                .put(text)
                .array();
    }

    /** Of an answer of HTTP; what there is if it ends earlier. */
    static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            if (c == '\n' && head.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        return head.toString();
    }

    /** Reads over text frames up to the payload of the close frame. */
    private static byte[] closeFrame(InputStream in) throws IOException {
        while (true) {
            int opcode = in.read() & 15;
            int length = in.read();
            if (length == 126) {
                length = in.read() << 8 | in.read();
            }
            byte[] payload = in.readNBytes(length);
            if (opcode == 8) {
                return payload;
            }
        }
    }

    @Test
    void binaryFramesCarryAnAttachmentToTheRoom() {
        byte[] gif = new byte[40_000];
        for (int i = 0; i < gif.length; i++) {
            gif[i] = (byte) i;
        }
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("gifs");
            lee.join("gifs");
            kim.send(EventClient.binary(
                    "{\"name\":\"message\",\"data\":{\"room\":\"gifs\",\"type\":\"image/gif\"}}", gif));
            Event message = lee.next("message");
            assertThat(message.data().string("type")).isEqualTo("image/gif");
            assertThat(message.data().string("from")).isEqualTo(kim.id());
            byte[] received = new byte[message.attachment().remaining()];
            message.attachment().get(received);
            assertThat(received).isEqualTo(gif);
        }
    }

    @Test
    void largeEventsArriveWhole() {
        try (EventClient kim = connect()) {
            kim.join("large");
            for (int length : new int[] {1, 125, 126, 8_191, 8_192, 16_000, 60_000}) {
                String text = "é".repeat(length / 2);
                kim.send("{\"name\":\"message\",\"data\":{\"room\":\"large\",\"text\":\"" + text + "\"}}");
                assertThat(kim.next("message").data().string("text")).isEqualTo(text);
            }
        }
    }

    @Test
    void thePageAndItsModuleAreThere() throws Exception {
        HttpResponse<String> page = get("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.body()).contains("<title>Hubbub");
        HttpResponse<String> module = get("hubbub.js");
        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.headers().firstValue("Content-Type").orElse("")).contains("javascript");
    }

    /** By HTTP/1.1, like a browser: Grizzly leaves headers out of its answer to an offer of HTTP/2. */
    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url().resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void healthIsTold() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("health");
            HttpResponse<String> health = get("health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).matches("\\{\"status\":\"up\",\"clients\":[1-9]\\d*,\"rooms\":[1-9]\\d*,.*}");
        }
    }

    @Test
    void theClientOfWsSpeaksTheTutorialsFrames() throws Exception {
        NodeTutorial.run(events());
    }
}
