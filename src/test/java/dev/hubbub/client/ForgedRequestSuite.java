package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that claim to be others, and traffic that escapes the limits of events, as part of {@link AccessSuite}. */
public abstract class ForgedRequestSuite extends EntrySuite {
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    /** A proxy passes on a header that it does not set itself. 127.0.0.9 is an address without limits. */
    @Test
    void anAddressInAHeaderIsNeverExemptFromLimits() throws Exception {
        for (String[] forged : List.of(
                new String[] {FORWARDED_FOR, "203.0.113.20", "Forwarded", "for=127.0.0.1"},
                new String[] {FORWARDED_FOR, "127.0.0.9"},
                new String[] {FORWARDED_FOR, "127.0.0.1, 203.0.113.21"})) {
            List<EventClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    clients.add(EventClient.connect(events(""), forged));
                }
                assertRejected(
                        HandshakeProbe.webSocket(url(), "events", forged),
                        429,
                        "There are too many connections from your address");
                assertThat(HandshakeProbe.request(url(), "GET", "events/sse", "", forged)
                                .status())
                        .isEqualTo(429);
            } finally {
                clients.forEach(EventClient::close);
            }
        }
    }

    /** The proxy says that the request came over TLS; the page did not. */
    @Test
    void aPageWithoutTlsMayNotUseAServerWithTls() throws Exception {
        String[] insecure = {"X-Forwarded-Proto", "https", "Origin", "http://" + url().getAuthority()};
        String[] secure = {"X-Forwarded-Proto", "https", "Origin", "https://" + url().getAuthority()};
        assertThat(HandshakeProbe.webSocket(url(), "events", insecure).status()).isEqualTo(403);
        assertThat(HandshakeProbe.webSocket(url(), "events", secure).status()).isEqualTo(101);
        for (String path : List.of("events/poll?wait=0", "socket.io/?EIO=4&transport=polling")) {
            assertThat(HandshakeProbe.request(url(), "GET", path, "", insecure).status())
                    .as(path)
                    .isEqualTo(403);
            HandshakeProbe allowed = HandshakeProbe.request(url(), "GET", path, "", secure);
            assertThat(allowed.status()).as(path).isEqualTo(200);
            assertThat(allowed.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        }
    }

    /** Admission and what comes behind it must read the same query. */
    @Test
    void aQueryWithEscapesInItsNamesDoesNotPassAdmission() throws Exception {
        String address = "203.0.113.22";
        List<EventClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(EventClient.connect(events(""), FORWARDED_FOR, address));
            }
            for (String path : List.of("events?s%69d=x", "socket.io/?EIO=4&transport=websocket&s%69d=")) {
                assertRejected(
                        HandshakeProbe.webSocket(url(), path, FORWARDED_FOR, address),
                        429,
                        "There are too many connections from your address");
            }
        } finally {
            clients.forEach(EventClient::close);
        }
    }

    @Test
    void aSocketIoSessionCountsAsAConnectionBeforeItsClientConnects() throws Exception {
        String address = "203.0.113.23";
        for (int i = 0; i < 3; i++) {
            assertThat(open(address)).isEqualTo(200);
        }
        assertThat(open(address)).isEqualTo(429);
        assertThat(open("203.0.113.24")).isEqualTo(200);
    }

    private int open(String address) throws Exception {
        return HandshakeProbe.request(url(), "GET", "socket.io/?EIO=4&transport=polling", "", FORWARDED_FOR, address)
                .status();
    }

    @Test
    void socketIoPacketsOfAllTypesCountForTheRateLimit() throws Exception {
        int address = 30;
        for (String packets : List.of("40\n41", "430[]", "42[\"missing\"]")) {
            try (RawWebSocket socket = RawWebSocket.open(
                    url(), "socket.io/?EIO=4&transport=websocket", FORWARDED_FOR, "203.0.113." + address++)) {
                socket.sendText("40".getBytes(StandardCharsets.US_ASCII));
                assertThat(isEnded(socket, packets.split("\n"))).as(packets).isTrue();
            }
        }
    }

    /**
     * Sends more than the limit and as much again, after which the server ends the connection; and much more, because the limit
     * grows while a busy machine takes its time.
     */
    private static boolean isEnded(RawWebSocket socket, String... packets) {
        try {
            for (int i = 0; i < 5_000; i++) {
                socket.sendText(packets[i % packets.length].getBytes(StandardCharsets.US_ASCII));
            }
            return socket.awaitCloseCode() == 1008;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException | ArrayIndexOutOfBoundsException ended) {
            return true;
        }
    }

    @Test
    void tokensThatFailCountForTheRateLimit() throws Exception {
        URI url = url();
        try (RawWebSocket socket = RawWebSocket.open(url, "events", FORWARDED_FOR, "203.0.113.40")) {
            assertThat(isEnded(socket, "{\"name\":\"auth\",\"data\":{\"token\":\"rubbish\"},\"id\":1}"))
                    .isTrue();
        }
        try (RawWebSocket socket = RawWebSocket.open(url, "events", FORWARDED_FOR, "203.0.113.41")) {
            assertThat(isEnded(socket, "malformed", "{\"name\":\"ping\"}")).isTrue();
        }
    }
}
