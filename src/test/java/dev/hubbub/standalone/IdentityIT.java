package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.client.PacketClient;
import dev.hubbub.identity.Tokens;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server without anonymous clients, with keys in a file and tokens that expire. */
class IdentityIT {
    private static final Tokens TOKENS = new Tokens();

    @TempDir
    private static Path folder;

    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        Path keys = folder.resolve("keys.json");
        Files.writeString(keys, TOKENS.keys());
        Path jar = HubbubWar.handlersJar(folder, "lounge.jar", Lounge.class, Lounge.Custom.class);
        war = new WarProcess(
                List.of(
                        "-Dhubbub.anonymous=false",
                        "-Dhubbub.jwt-keys=" + keys,
                        "-Dhubbub.jwt-audience=" + Tokens.AUDIENCE,
                        "-Dhubbub.jwt-skew=0",
                        "-Dhubbub.token-in-query=true",
                        "-Dhubbub.auth-timeout=1000",
                        "-Dhubbub.auth-notice=2000"),
                "--port=0",
                "--handlers",
                jar.toString());
        war.url();
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    private static URI events(String query) {
        return URI.create(war.events() + query);
    }

    private static String auth(String token) {
        return "{\"name\":\"auth\",\"data\":{\"token\":\"" + token + "\"},\"id\":1}";
    }

    @Test
    void theFirstEventAuthenticatesAndEventsRightAfterItAreNotLost() {
        try (EventClient kim = new EventClient(events(""))) {
            kim.send(auth(TOKENS.token("kim"))).send("{\"name\":\"join\",\"data\":{\"room\":\"known\"}}");
            kim.next("hello");
            assertThat(kim.events.stream().map(Event::name))
                    .startsWith("connected", "auth")
                    .contains("ack");
        }
    }

    @Test
    void aClientThatDoesNotAuthenticateIsClosed() {
        try (EventClient silent = new EventClient(events(""));
                EventClient other = new EventClient(events(""));
                EventClient broken = new EventClient(events(""));
                EventClient forger = new EventClient(events(""))) {
            other.send("{\"name\":\"join\",\"id\":1}");
            other.error("forbidden");
            other.awaitClose(1008);
            broken.send("rubbish");
            broken.error("malformed");
            broken.awaitClose(1008);
            forger.send(auth(new Tokens().token("kim")));
            forger.error("forbidden");
            forger.awaitClose(1008);
            silent.awaitClose(1008);
            assertThat(silent.closeReason).isEqualTo("You have not authenticated in time");
            assertThat(silent.events).isEmpty();
        }
    }

    @Test
    void anUnauthenticatedClientReceivesNothing() {
        try (EventClient kim = EventClient.connect(events("?access_token=" + TOKENS.token("kim")));
                EventClient unknown = new EventClient(events(""))) {
            kim.send("{\"name\":\"to-all\",\"data\":\"a secret\"}").next("to-all");
            unknown.awaitClose(1008);
            assertThat(unknown.events).isEmpty();
        }
    }

    @Test
    void otherTransportsRejectUnauthenticatedClientsWith401() throws Exception {
        String token = TOKENS.token("kim");
        for (String path : List.of("events/sse?room=a", "events/poll?room=a", "events/poll?room=a&wait=0")) {
            assertThat(HandshakeProbe.request(war.url(), "GET", path, "").status())
                    .isEqualTo(401);
        }
        assertThat(HandshakeProbe.request(war.url(), "GET", "events/sse?room=a", "", "Authorization", "bearer " + token)
                        .status())
                .isEqualTo(200);
        assertThat(HandshakeProbe.request(war.url(), "GET", "events/sse?room=a&access_token=" + token, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSocketIoClientAuthenticatesWhenItConnects() {
        URI url = URI.create(events("").toString().replace("/events", "/socket.io/?EIO=4&transport=websocket"));
        try (PacketClient kim = new PacketClient(url)) {
            kim.next();
            kim.send("40");
            assertThat(kim.next("4"))
                    .isEqualTo("44{\"message\":\"Authentication is required\",\"data\":{\"code\":\"forbidden\"}}");
            kim.send("40{\"token\":\"" + TOKENS.token("kim") + "\"}").next("40{");
        }
    }

    @Test
    void aTicketEndsWithTheTokenThatItWasIssuedFor() throws Exception {
        String token = TOKENS.token("kim", 2);
        String first = ticket(token);
        String second = ticket(token);
        try (EventClient kim = EventClient.connect(events("?ticket=" + first))) {
            kim.awaitClose(4401);
        }
        assertThat(HandshakeProbe.webSocket(war.url(), "events?ticket=" + second)
                        .status())
                .isEqualTo(401);
        assertThat(HandshakeProbe.request(war.url(), "POST", "ticket", "", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(401);
    }

    private static String ticket(String token) throws Exception {
        HandshakeProbe issued =
                HandshakeProbe.request(war.url(), "POST", "ticket", "", "Authorization", "Bearer " + token);
        return Data.parse(issued.body()).string("ticket");
    }

    @Test
    void anExpiringTokenIsAnnouncedAndCanBeRenewed() {
        try (EventClient kim = EventClient.connect(events("?access_token=" + TOKENS.token("kim", 3)));
                EventClient lee = EventClient.connect(events("?access_token=" + TOKENS.token("lee", 3)))) {
            assertThat(Integer.parseInt(lee.next("auth-expiring").data().json().replaceAll("\\D", "")))
                    .isBetween(1, 2_000);
            kim.next("auth-expiring");
            kim.send(auth(TOKENS.token("kim", 600))).next("ack");
            lee.awaitClose(4401);
            assertThat(lee.closeReason).isEqualTo("The token has expired");
            kim.send("{\"name\":\"echo\",\"id\":2}").next("ack");
        }
    }

    @Test
    void aClientWhoseTokenHasExpiredCanReturnWithANewOne() {
        String session;
        try (EventClient kim = EventClient.connect(events("?was=&access_token=" + TOKENS.token("kim", 3)))) {
            session = kim.events.get(0).data().string("session");
            kim.awaitClose(4401);
        }
        try (EventClient again =
                EventClient.connect(events("?was=" + session + "&access_token=" + TOKENS.token("kim", 600)))) {
            assertThat(session).startsWith(again.id() + ".");
        }
    }
}
