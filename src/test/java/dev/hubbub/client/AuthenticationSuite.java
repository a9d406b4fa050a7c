package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.identity.Tokens;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

/** Authentication, as part of {@link AccessSuite}. */
public abstract class AuthenticationSuite {
    private static final String SECRET = "this is a secret of the tests, and 32 bytes";

    /** The settings that the server must have. */
    public static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("hubbub.jwt-secret", SECRET),
            Map.entry("hubbub.jwt-issuer", Tokens.ISSUER),
            Map.entry("hubbub.jwt-audience", Tokens.AUDIENCE),
            Map.entry(
                    "hubbub.room-policies",
                    "staff-* join=staff publish=admin; inbox-{user} join=user; blind members=nobody"),
            Map.entry("hubbub.trusted-proxies", "127.0.0.1"),
            Map.entry("hubbub.max-connections-per-address", "3"),
            Map.entry("hubbub.events-per-second", "50"),
            Map.entry("hubbub.events-burst", "50"),
            Map.entry("hubbub.max-rooms", "5"),
            Map.entry("hubbub.handshakes-per-second", "1"),
            Map.entry("hubbub.heartbeat", "4000"),
            Map.entry("hubbub.heartbeat-timeout", "4000"),
            Map.entry("hubbub.allowed-origins", "https://app.example"),
            Map.entry("hubbub.api-keys", "another-key-of-at-least-32-characters, " + ApiSuite.KEY));

    /** The URL of the application, with a slash at the end. */
    protected abstract URI url();

    /** Whether Hubbub's filter always runs before the container's WebSocket upgrade, which can only answer 403. */
    protected boolean runsFiltersBeforeUpgrade() {
        return true;
    }

    final URI events(String query) {
        return URI.create(EventClient.events(url()) + query);
    }

    static String token(JwtClaims claims) {
        return Tokens.sign(claims, SECRET.getBytes(StandardCharsets.UTF_8), "any");
    }

    static String token(String user, String... roles) {
        return token(Tokens.claims(user, 600, roles));
    }

    final EventClient connect(String user, String... roles) {
        return EventClient.connect(events(""), "Authorization", "Bearer " + token(user, roles));
    }

    static EventClient auth(EventClient client, String token) {
        return client.send("{\"name\":\"auth\",\"data\":{\"token\":\"" + token + "\"},\"id\":\"auth\"}");
    }

    static String whoAmI(EventClient client) {
        client.send("{\"name\":\"who-am-i\",\"id\":1}");
        return client.next("ack").data().json();
    }

    final void assertRejected(HandshakeProbe probe, int status, String message) {
        if (!runsFiltersBeforeUpgrade() && probe.status() == 403) {
            return;
        }
        assertThat(probe.status()).as(probe.head()).isEqualTo(status);
        if (!probe.body().isEmpty()) { // the standalone server sends only the status
            assertThat(probe.body()).contains(message);
        }
    }

    @Test
    void aClientAuthenticatesByHeaderSubprotocolTicketOrEvent() throws Exception {
        String token = token("kim", "staff");
        try (EventClient byHeader = connect("kim", "staff");
                EventClient byTicket = EventClient.connect(events("?ticket=" + ticket(token)));
                EventClient byEvent = EventClient.connect(events(""))) {
            assertThat(whoAmI(byHeader)).isEqualTo("\"kim staff\"");
            assertThat(whoAmI(byTicket)).isEqualTo("\"kim staff\"");
            assertThat(whoAmI(byEvent)).isEqualTo("\"nobody\"");
            assertThat(auth(byEvent, token).next("ack").data().json()).startsWith("{\"user\":\"kim\",\"expiresIn\":");
            assertThat(whoAmI(byEvent)).isEqualTo("\"kim staff\"");
        }
        HandshakeProbe probe =
                HandshakeProbe.webSocket(url(), "events", "Sec-WebSocket-Protocol", "hubbub.v1, bearer." + token);
        assertThat(probe.status()).isEqualTo(101);
        assertThat(probe.header("Sec-WebSocket-Protocol")).isEqualTo("hubbub.v1");
    }

    private String ticket(String token) throws IOException {
        HandshakeProbe probe = HandshakeProbe.request(url(), "POST", "ticket", "", "Authorization", "Bearer " + token);
        assertThat(probe.status()).as(probe.head()).isEqualTo(200);
        assertThat(probe.header("Cache-Control")).isEqualTo("no-store");
        return Data.parse(probe.body()).string("ticket");
    }

    @Test
    void aTicketIsValidForOneConnection() throws Exception {
        String ticket = ticket(token("kim"));
        EventClient.connect(events("?ticket=" + ticket)).close();
        assertRejected(
                HandshakeProbe.webSocket(url(), "events?ticket=" + ticket),
                401,
                "The ticket is invalid, expired or already used");
        assertRejected(
                HandshakeProbe.webSocket(url(), "events?ticket=x"),
                401,
                "The ticket is invalid, expired or already used");
        String query = "?ticket=" + ticket(token("kim"));
        for (String path : List.of("events/poll", "ticket", "socket.io/")) { // they leave the ticket unused
            String all = path + query + "&wait=0&EIO=4&transport=polling";
            assertThat(HandshakeProbe.request(url(), path.equals("ticket") ? "POST" : "GET", all, "")
                            .status())
                    .as(path)
                    .isEqualTo(401);
        }
        EventClient.connect(events(query)).close();
        HandshakeProbe anonymous = HandshakeProbe.request(url(), "POST", "ticket", "");
        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void invalidTokensAreRejectedBeforeTheUpgrade() throws Exception {
        JwtClaims other = Tokens.claims("kim", 60);
        other.setAudience("another service");
        Map<String, String> bad = Map.of(
                "rubbish",
                "The token is not valid",
                Tokens.unsigned(Tokens.claims("kim", 60)),
                "The token is not valid",
                token("kim") + "x",
                "The token is not valid",
                token(other),
                "The token is for another service",
                token(Tokens.claims("kim", -60)),
                "The token has expired");
        for (Map.Entry<String, String> entry : bad.entrySet()) {
            assertRejected(
                    HandshakeProbe.webSocket(url(), "events", "Authorization", "Bearer " + entry.getKey()),
                    401,
                    entry.getValue());
            assertRejected(
                    HandshakeProbe.webSocket(
                            url(), "events", "Sec-WebSocket-Protocol", "hubbub.v1, bearer." + entry.getKey()),
                    401,
                    entry.getValue());
            HandshakeProbe stream = HandshakeProbe.request(
                    url(), "GET", "events/sse?room=lobby", "", "Authorization", "Bearer " + entry.getKey());
            assertThat(stream.status()).isEqualTo(401);
            assertThat(stream.body()).contains(entry.getValue());
        }
        // A token in the URL is ignored unless a setting enables it.
        try (EventClient anonymous = EventClient.connect(events("?access_token=" + token("kim")))) {
            assertThat(whoAmI(anonymous)).isEqualTo("\"nobody\"");
        }
    }

    @Test
    void anInvalidTokenInAnEventIsAnErrorAndKeepsTheIdentity() {
        try (EventClient kim = connect("kim")) {
            auth(kim, "rubbish").error("forbidden");
            auth(kim, token("lee")).error("forbidden");
            kim.send("{\"name\":\"auth\",\"id\":1}").error("invalid-data");
            assertThat(whoAmI(kim)).isEqualTo("\"kim\"");
        }
    }
}
