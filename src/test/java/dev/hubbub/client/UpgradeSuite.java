package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that open a WebSocket, and those that only seem to. It runs against every server that the WAR runs on. */
public abstract class UpgradeSuite {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** The URL of the application, with a slash at the end. */
    protected abstract URI url();

    /** Whether filters see a request before the server upgrades it; otherwise its own ways with odd requests prevail. */
    protected boolean runsFiltersBeforeUpgrade() {
        return true;
    }

    private String request(String method, String path, String version, String key, String upgrade) {
        return method + " " + url().getPath() + path + " HTTP/" + version + "\r\nHost: " + url().getAuthority()
                + "\r\nConnection: Upgrade\r\nUpgrade: " + upgrade + "\r\nSec-WebSocket-Version: 13\r\n"
                + (key.isEmpty() ? "" : "Sec-WebSocket-Key: " + key + "\r\n")
                + (method.equals("GET") ? "" : "Content-Length: 0\r\n") + "\r\n";
    }

    /** The status of the response, after which the server must close the connection if it is an error of ours. */
    private int status(String request) throws IOException {
        try (Socket socket = new Socket(url().getHost(), url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String head = HandshakeProbe.readHead(socket.getInputStream());
            int status = Integer.parseInt(head.split(" ", 3)[1]);
            if (status >= 400 && runsFiltersBeforeUpgrade()) {
                socket.getInputStream().readAllBytes(); // up to the end of the connection
            }
            return status;
        }
    }

    /** Each line: the method, the version of HTTP, the key, and the status with which it is rejected. */
    @ParameterizedTest
    @CsvSource({
        "GET, 1.1, '', 400",
        "GET, 1.1, c2hvcnQ=, 400",
        "GET, 1.1, dGhlIHNhbXBsZSBub25jZXM=, 400",
        "GET, 1.1, this is not Base64 at all, 400",
        "GET, 1.0, dGhlIHNhbXBsZSBub25jZQ==, 400",
        "POST, 1.1, dGhlIHNhbXBsZSBub25jZQ==, 400",
    })
    void aRequestThatIsNoOpeningHandshakeIsRejected(String method, String version, String key, int status)
            throws Exception {
        for (String path : new String[] {"events", "socket.io/?EIO=4&transport=websocket"}) {
            int actual = status(request(method, path, version, key, "websocket"));
            if (runsFiltersBeforeUpgrade()) {
                assertThat(actual).as(path).isEqualTo(status);
            } else {
                assertThat(actual).as(path).isLessThan(500);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket, h2c", "h2c,WebSocket"})
    void aClientMayOfferOtherProtocolsBesideWebSocket(String upgrade) throws Exception {
        if (runsFiltersBeforeUpgrade()) {
            assertThat(status(request("GET", "events", "1.1", KEY, upgrade))).isEqualTo(101);
        }
    }

    @Test
    void aRequestWithoutAnUpgradeIsToldTheLikelyCause() throws Exception {
        HandshakeProbe probe = HandshakeProbe.request(url(), "GET", "events", "");
        assertThat(probe.status()).isEqualTo(426);
        assertThat(probe.header("Upgrade")).isEqualTo("websocket");
        assertThat(HandshakeProbe.request(url(), "GET", "events", "", "Connection", "close")
                        .header("Content-Type"))
                .startsWith("text/plain");
        assertThat(Http.get(url().resolve("events")).body()).contains("a proxy", "the headers Upgrade");
    }

    /** A server may reject them, but not open the WebSocket and then fail. */
    @ParameterizedTest
    @ValueSource(
            strings = {"x={}|^`", "x=%", "x=%zz", "x=%u20ac", "x=%FF%FE", "was=%00", "a=b&&=&c", "x=First%20Last", ""})
    void aQueryThatIsNotOursDoesNotBreakTheConnection(String query) throws Exception {
        try (RawWebSocket socket = RawWebSocket.open(url(), "events?" + query)) {
            if (socket.head.startsWith("HTTP/1.1 101")) {
                socket.sendText("{\"name\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
                assertThat(socket.awaitText("pong")).contains("pong");
            } else {
                String status = runsFiltersBeforeUpgrade() ? "4\\d\\d" : "[45]\\d\\d";
                assertThat(socket.head).matches("(?s)HTTP/1.1 " + status + " .*");
            }
        }
    }
}
