package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The way in is the same on every transport: a client is connected, the handlers accept it, and then the policies are asked. The
 * policy of {@code met-{name}} wants the attribute that {@code @OnConnect} gives to clients without the parameter {@code banned}.
 */
public abstract class EntrySuite extends ApiSuite {
    private HandshakeProbe get(String path, String... headers) throws Exception {
        return HandshakeProbe.request(url(), "GET", path, "", headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"events/sse?room=met-a", "events/poll?room=met-a", "events/poll?wait=0&room=met-a"})
    void policiesAreAskedAboutAClientThatTheHandlersHaveAccepted(String path) throws Exception {
        assertThat(get(path).status()).isEqualTo(200);
        HandshakeProbe banned = get(path + "&banned=1");
        assertThat(banned.status()).as(banned.head()).isEqualTo(403);
        assertThat(banned.body()).contains("\"code\":\"forbidden\"");
        assertThat(banned.header("Content-Type")).startsWith("application/json");
        // The policy of one room is enough, and without rooms nothing is refused.
        assertThat(get(path + "&room=free&banned=1").status()).isEqualTo(403);
        assertThat(get(path.replace("room=met-a", "room=free") + "&banned=1").status())
                .isEqualTo(200);
    }

    @Test
    void aWebSocketClientIsTreatedInTheSameWay() {
        try (EventClient kim = EventClient.connect(events(""));
                EventClient banned = EventClient.connect(events("?banned=1"))) {
            kim.join("met-b");
            banned.send("{\"name\":\"join\",\"data\":{\"room\":\"met-b\"}}").error("forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events/sse?rejected=1", "events/poll?rejected=1", "events/poll?wait=0&rejected=1"})
    void aClientThatAHandlerRejectsGetsAStatus(String path) throws Exception {
        HandshakeProbe rejected = get(path);
        assertThat(rejected.status()).as(rejected.head()).isEqualTo(403);
        assertThat(rejected.body()).contains("\"code\":\"not-you\"", "Not you");
    }

    @Test
    void aClientThatAHandlerClosesReadsNothing() throws Exception {
        assertThat(get("events/poll?wait=0&room=met-c&closed=1").status()).isEqualTo(403);
    }

    /** At most three connections of one address are allowed. */
    @Test
    void aClientThatOnlyReadsHasDisconnectedAfterwards() throws Exception {
        for (int i = 0; i < 6; i++) {
            await().until(() -> get("events/poll?wait=0&room=met-d", "X-Forwarded-For", "203.0.113.31")
                            .status()
                    == 200);
        }
    }

    @Test
    void aSocketIoClientIsPutBackIntoItsRoomsWhenHandlersAndPoliciesAllowIt() {
        String url = events("").toString().replace("/events", "/socket.io/?EIO=4&transport=websocket");
        try (EventClient member = EventClient.connect(events(""))) {
            member.join("met-e");
            for (boolean banned : List.of(false, true)) {
                String pid;
                try (PacketClient kim = new PacketClient(URI.create(url))) {
                    kim.next();
                    pid = Data.parse(kim.send("40").next("40{").substring(2)).string("pid");
                    kim.send("42[\"join\",{\"room\":\"met-e\"}]").next("42[\"hello\"");
                }
                member.send(EventClient.message("met-e", "missed"));
                try (PacketClient again = new PacketClient(URI.create(url + (banned ? "&banned=1" : "")))) {
                    again.next();
                    String connected = again.send("40{\"pid\":\"" + pid + "\",\"offset\":\"\"}")
                            .next("40{");
                    assertThat(connected.contains(pid)).as(connected).isEqualTo(!banned);
                    again.send("421[\"who-am-i\"]").next("431");
                    assertThat(again.frames.stream().anyMatch(frame -> frame.contains("missed")))
                            .isEqualTo(!banned);
                }
            }
        }
    }

    /** Nothing is sent to the room meanwhile, and the server sees only that what it writes is not received. */
    @Test
    void anEventSourceWhosePageIsClosedLeavesWithinTheTimesOfTheHeartbeat() throws Exception {
        try (EventClient kim = EventClient.connect(events(""))) {
            kim.join("closed-page");
            StreamClient lee = new StreamClient(URI.create(url() + "events/sse?room=closed-page"), "");
            kim.next("joined");
            lee.next("hello");
            lee.close();
            // 8 s, and 1.5 s for the server's thread and the announcement
            await().atMost(Duration.ofMillis(9_500))
                    .until(() ->
                            kim.events.stream().anyMatch(event -> event.name().equals("left")));
        }
    }

    private static final String ALLOWED = "https://app.example";

    @ParameterizedTest
    @ValueSource(
            strings = {"events/sse?room=a", "events/poll", "events/send", "ticket", "socket.io/?EIO=4&transport=polling"
            })
    void aPageOfAnAllowedOriginMaySendAnyHeader(String path) throws Exception {
        HandshakeProbe preflight = HandshakeProbe.request(
                url(),
                "OPTIONS",
                path,
                "",
                "Origin",
                ALLOWED,
                "Access-Control-Request-Method",
                "GET",
                "Access-Control-Request-Headers",
                "cache-control,my-token,x-requested-with");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(ALLOWED);
        assertThat(preflight.header("Access-Control-Allow-Headers"))
                .isEqualTo("cache-control,my-token,x-requested-with");
        HandshakeProbe other = HandshakeProbe.request(
                url(),
                "OPTIONS",
                path,
                "",
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "GET",
                "Access-Control-Request-Headers",
                "my-token");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.header("Access-Control-Allow-Headers")).isEmpty();
    }

    @Test
    void aPageOfAnAllowedOriginMayLoadTheScripts() throws Exception {
        for (String path : List.of("hubbub.js", "socket.io/socket.io.esm.min.js")) {
            HandshakeProbe allowed = get(path, "Origin", ALLOWED, "Connection", "close");
            assertThat(allowed.header("Access-Control-Allow-Origin")).as(path).isEqualTo(ALLOWED);
            assertThat(allowed.header("Vary")).as(path).contains("Origin");
            HandshakeProbe other = get(path, "Origin", "https://evil.example", "Connection", "close");
            assertThat(other.header("Access-Control-Allow-Origin")).as(path).isEmpty();
            assertThat(get(path, "Connection", "close").header("Vary")).as(path).contains("Origin");
        }
    }
}
