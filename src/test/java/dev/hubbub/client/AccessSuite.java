package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Event;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication, room policies, and limits. It runs against every server that the WAR runs on. */
public abstract class AccessSuite extends ForgedRequestSuite {
    @Test
    void handlersRequireRoles() {
        try (EventClient kim = connect("kim", "staff");
                EventClient lee = connect("lee");
                EventClient anonymous = EventClient.connect(events(""))) {
            kim.send("{\"name\":\"ban\",\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo("\"banned\"");
            lee.send("{\"name\":\"ban\",\"id\":1}").error("forbidden");
            anonymous.send("{\"name\":\"ban\"}").error("forbidden");
            kim.send("{\"name\":\"never\",\"id\":2}").error("forbidden");
        }
    }

    @Test
    void joiningAForbiddenRoomFailsWhetherOrNotItExists() {
        try (EventClient kim = connect("kim", "staff");
                EventClient lee = connect("lee")) {
            kim.join("staff-1");
            String before = join(lee, "staff-1");
            assertThat(before).isEqualTo(join(lee, "staff-2")).contains("forbidden");
            kim.join("inbox-kim");
            assertThat(join(lee, "inbox-kim")).contains("forbidden");
            assertThat(join(lee, "odd-2")).contains("forbidden"); // a policy of the application
            lee.join("odd-3");
            lee.join("free");
        }
    }

    private static String join(EventClient client, String room) {
        client.send("{\"name\":\"join\",\"data\":{\"room\":\"" + room + "\"}}");
        return client.next("error").data().json();
    }

    @Test
    void permissionToJoinDoesNotIncludePermissionToPublish() {
        try (EventClient kim = connect("kim", "staff");
                EventClient boss = connect("boss", "staff", "admin")) {
            kim.join("staff-3");
            boss.join("staff-3");
            String message = "{\"name\":\"message\",\"data\":{\"room\":\"staff-3\",\"text\":\"hi\"},\"id\":1}";
            kim.send(message).error("forbidden");
            boss.send(message);
            assertThat(kim.next("message").data().string("from")).isEqualTo(boss.id());
            kim.send("{\"name\":\"leave\",\"data\":{\"room\":\"staff-3\"}}").next("left");
        }
    }

    @Test
    void aClientThatMayNotSeeTheMembersReceivesNoPresence() {
        try (EventClient kim = connect("kim");
                EventClient lee = connect("lee")) {
            kim.join("blind");
            lee.send("{\"name\":\"join\",\"data\":{\"room\":\"blind\",\"nick\":\"Lee\"}}");
            assertThat(lee.next("hello").data().json())
                    .contains("\"members\":[]")
                    .doesNotContain("count");
            lee.send("{\"name\":\"message\",\"data\":{\"room\":\"blind\",\"text\":\"hi\"}}");
            kim.next("message");
            assertThat(kim.events.stream().map(Event::name)).doesNotContain("joined");
        }
    }

    @Test
    void aClientThatLosesARoleLeavesTheRoomsThatRequireIt() {
        try (EventClient kim = connect("kim", "staff")) {
            kim.join("staff-4");
            kim.join("free");
            auth(kim, token("kim"));
            assertThat(kim.next("left").data().json())
                    .isEqualTo("{\"room\":\"staff-4\",\"id\":\"" + kim.id() + "\",\"reason\":\"forbidden\"}");
            kim.next("ack");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"staff-4\",\"text\":\"hi\"}}")
                    .error("not-in-room");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"free\",\"text\":\"hi\"}}")
                    .next("message");
        }
    }

    @Test
    void eventStreamsAndLongPollingEnforceTheSamePolicies() throws Exception {
        String kim = "Bearer " + token("kim", "staff");
        assertThat(HandshakeProbe.request(url(), "GET", "events/sse?room=staff-5", "")
                        .status())
                .isEqualTo(403);
        assertThat(HandshakeProbe.request(url(), "GET", "events/poll?room=staff-5", "")
                        .status())
                .isEqualTo(403);
        assertThat(HandshakeProbe.request(url(), "GET", "events/poll?room=staff-5&wait=0", "")
                        .status())
                .isEqualTo(403);
        assertThat(HandshakeProbe.request(url(), "GET", "events/poll?room=staff-5&wait=0", "", "Authorization", kim)
                        .status())
                .isEqualTo(200);
        assertThat(HandshakeProbe.request(url(), "GET", "events/sse?room=staff-5", "", "Authorization", kim)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSocketIoClientAuthenticatesInItsConnectPacket() {
        URI url = URI.create(events("").toString().replace("/events", "/socket.io/?EIO=4&transport=websocket"));
        try (PacketClient kim = new PacketClient(url)) {
            kim.next();
            kim.send("40{\"token\":\"rubbish\"}");
            assertThat(kim.next("44")).contains("The token is not valid", "\"code\":\"forbidden\"");
            kim.send("40{\"token\":\"" + token("kim", "staff") + "\"}").next("40{");
            kim.send("421[\"who-am-i\"]");
            assertThat(kim.next("431")).isEqualTo("431[\"kim staff\"]");
        }
    }

    /** The policy of {@code odd-{number}} throws an exception that contains the name. */
    @ParameterizedTest
    @ValueSource(
            strings = {"events/poll?wait=0&room=odd-secret", "events/poll?room=odd-secret", "events/sse?room=odd-secret"
            })
    void aRequestWhosePolicyFailsIsAnsweredWithoutDetails(String path) throws Exception {
        HandshakeProbe probe = HandshakeProbe.request(url(), "GET", path, "");
        assertThat(probe.status()).isEqualTo(500);
        assertThat(probe.body()).contains("\"internal\"").doesNotContain("secret", "Exception", "at dev.hubbub");
    }

    @Test
    void aJoinWhosePolicyFailsIsAnsweredWithoutDetails() {
        try (EventClient kim = EventClient.connect(events(""))) {
            assertThat(join(kim, "odd-secret")).contains("internal").doesNotContain("NumberFormat");
            kim.join("odd-1");
        }
    }

    @Test
    void theConnectionsOfAnAddressAreLimited() throws Exception {
        String address = "203.0.113.1";
        List<EventClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(EventClient.connect(events(""), "X-Forwarded-For", address));
            }
            HandshakeProbe fourth = HandshakeProbe.webSocket(url(), "events", "X-Forwarded-For", address);
            assertRejected(fourth, 429, "There are too many connections from your address");
            if (fourth.status() == 429) {
                assertThat(fourth.header("Retry-After")).isEqualTo("10");
            }
            for (String path : List.of("events?sid=x", "events?sid=", "socket.io/?EIO=4&transport=websocket&sid=")) {
                assertRejected(
                        HandshakeProbe.webSocket(url(), path, "X-Forwarded-For", address),
                        429,
                        "There are too many connections from your address");
            }
            HandshakeProbe stream = HandshakeProbe.request(url(), "GET", "events/sse", "", "X-Forwarded-For", address);
            assertThat(stream.status()).isEqualTo(429);
            EventClient.connect(events(""), "X-Forwarded-For", "203.0.113.2").close();
            clients.remove(0).close();
            await().until(() -> HandshakeProbe.webSocket(url(), "events", "X-Forwarded-For", address)
                            .status()
                    == 101);
        } finally {
            clients.forEach(EventClient::close);
        }
    }

    @Test
    void handshakesOverTheRateLimitAreRejectedWith429() throws Exception {
        int rejected = 0;
        for (int i = 0; i < 20 && rejected == 0; i++) {
            HandshakeProbe probe =
                    HandshakeProbe.request(url(), "GET", "events/poll?wait=0", "", "X-Forwarded-For", "203.0.113.3");
            rejected = probe.status() == 200 ? 0 : probe.status();
        }
        assertThat(rejected).isEqualTo(429);
        assertThat(HandshakeProbe.request(url(), "GET", "events/poll?wait=0", "", "X-Forwarded-For", "203.0.113.4")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aClientOverItsRateLimitIsWarnedThenClosedAndTheRoomIsUnaffected() {
        try (EventClient lee = EventClient.connect(events(""), "X-Forwarded-For", "203.0.113.5");
                EventClient kim = EventClient.connect(events(""), "X-Forwarded-For", "203.0.113.6")) {
            lee.join("flood");
            kim.join("flood");
            try {
                for (int i = 0; i < 2_000 && kim.closeCode == 0; i++) {
                    kim.send("{\"name\":\"message\",\"data\":{\"room\":\"flood\",\"text\":\"" + i + "\"},\"id\":" + i
                            + "}");
                }
            } catch (RuntimeException closed) {
                assertThat(kim.events).isNotEmpty();
            }
            kim.error("rate-limited");
            await().until(() -> kim.closeCode != 0);
            // A server that gets events of a closed socket resets it, and the reset can overtake the close frame.
            assertThat(kim.closeCode).isIn(1008, 1006);
            lee.next("left");
            lee.send("{\"name\":\"message\",\"data\":{\"room\":\"flood\",\"text\":\"after\"}}");
            lee.next(event -> "after".equals(event.data().string("text")));
            long received = lee.events.stream()
                    .filter(event -> event.name().equals("message"))
                    .count();
            assertThat(received).isBetween(45L, 200L);
        }
    }

    @Test
    void theRoomsOfAClientAreLimited() {
        try (EventClient kim = EventClient.connect(events(""))) {
            for (int i = 0; i < 5; i++) {
                kim.join("many-" + i);
            }
            assertThat(join(kim, "many-5")).contains("too-large");
            kim.join("many-0"); // already a member
            kim.send("{\"name\":\"leave\",\"data\":{\"room\":\"many-0\"}}").next("left");
            kim.join("many-5");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\nb", "\\u001b[31m", "\\u202e", "\\ud800", "\\u2028"})
    void namesWithControlCharactersAreRejected(String name) {
        try (EventClient kim = EventClient.connect(events(""))) {
            assertThat(join(kim, name)).contains("invalid-data");
            kim.send("{\"name\":\"join\",\"data\":{\"room\":\"r\",\"nick\":\"" + name + "\"}}");
            kim.error("invalid-data");
            kim.send("{\"name\":\"join\",\"data\":{\"room\":\"김 👩‍👩‍👧\",\"nick\":\"김 👩‍👩‍👧\"}}")
                    .next("hello");
        }
    }
}
