package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Event;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of tools and polyfills, and answers that a page must not mistake for something else. */
public abstract class HttpEdgeSuite extends LongPollingSuite {
    final HttpResponse<String> head(String path, String... headers) throws Exception {
        return Http.send(Http.request(url(path), headers).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void aHeadRequestJoinsNobody() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("head");
            for (String path :
                    List.of("events/sse?room=head", "events/poll?room=head", "events/poll?room=head&wait=0")) {
                HttpResponse<String> response = head(path);
                assertThat(response.statusCode()).as(path).isEqualTo(200);
                assertThat(response.body()).as(path).isEmpty();
                assertThat(response.headers().firstValue("Content-Type").orElse(""))
                        .as(path)
                        .startsWith(path.contains("sse") ? "text/event-stream" : "application/json");
            }
            try (EventClient lee = connect()) {
                lee.join("head");
                assertThat(kim.next("joined").data().string("id")).isEqualTo(lee.id());
            }
            assertThat(head("events/sse?room=" + "x".repeat(129)).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void aHeadRequestOfASessionDoesNotWaitForEvents() throws Exception {
        String session = polled(get("events/poll")).get(0).event().data().string("session");
        long start = System.nanoTime();
        assertThat(head("events/poll?after=1000", "Hubbub-Session", session).statusCode())
                .isEqualTo(200);
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        assertThat(head("events/poll?after=1000", "Hubbub-Session", "x.y").statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"since", "lastEventId", "Last-Event-ID"})
    void anEventSourceThatCannotSetHeadersIsSentTheEventsItMissed(String parameter) throws Exception {
        String room = "polyfill-" + parameter;
        try (EventClient kim = connect()) {
            kim.join(room);
            String position;
            try (StreamClient lee = stream("?room=" + room)) {
                lee.next("hello");
                position = lee.lastEventId;
            }
            kim.send(EventClient.message(room, "missed"));
            kim.next("message");
            String query = "?room=" + room + (parameter.equals("since") ? "" : "&since=AAAAAAAAAAA.1") + "&" + parameter
                    + "=" + URLEncoder.encode(position, StandardCharsets.UTF_8);
            try (StreamClient again = stream(query)) {
                assertThat(again.next("hello").data()).contains("\"recovered\":true");
                assertThat(text(again.next("message").data())).isEqualTo("missed");
            }
        }
    }

    /** An EventSource fires events of its own with these names. */
    @Test
    void anErrorHasAnotherNameOnAnEventStream() throws Exception {
        try (StreamClient lee = stream("?room=names")) {
            lee.next("hello");
            post(lee.session(), EventClient.message("not-mine", "x"));
            assertThat(lee.next("hubbub-error").data()).contains("not-in-room");
            assertThat(lee.all("error")).isEmpty();
        }
        try (StreamClient lee = stream("?room=names&frames")) {
            String connected = lee.next("message").data();
            String session = connected.replaceAll("(?s).*\"session\":\"([^\"]+)\".*", "$1");
            post(session, EventClient.message("not-mine", "x"));
            await().untilAsserted(() -> assertThat(lee.all("message"))
                    .anySatisfy(event -> assertThat(event.data()).contains("\"name\":\"error\"")));
        }
    }

    @Test
    void anAnswerNameWithAnIdIsRejectedWithThatId() throws Exception {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"connected\",\"id\":5}");
            Event error = kim.next("error");
            assertThat(error.id()).isEqualTo("5");
            assertThat(error.data().string("code")).isEqualTo("malformed");
            kim.send("{\"name\":\"ack\"}");
            assertThat(kim.next("error").id()).isNull();
            kim.send("{\"name\":\"ack\",\"id\":6}").send("{\"name\":\"error\",\"id\":7}");
            assertThat(kim.untilPong()).isEmpty(); // late answers need no answer
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "events/sse?room=a",
                "events/poll?room=a",
                "events/poll?wait=0",
                "socket.io/?EIO=4&transport=polling"
            })
    void aRequestWithTwoOriginsIsRejected(String path) throws Exception {
        String own = "http://" + url().getAuthority();
        HandshakeProbe probe = HandshakeProbe.request(
                url(), "GET", path, "", "Origin", own, "Origin", "https://evil.example", "Connection", "close");
        assertThat(probe.status()).as(probe.head()).isIn(400, 403);
    }

    @Test
    void aWebSocketWithTwoOriginsIsRejected() throws Exception {
        String own = "http://" + url().getAuthority();
        for (String path : List.of("events", "socket.io/?EIO=4&transport=websocket")) {
            assertThat(HandshakeProbe.webSocket(url(), path, "Origin", own).status())
                    .isEqualTo(101);
            assertThat(HandshakeProbe.webSocket(url(), path, "Origin", own, "Origin", "https://evil.example")
                            .status())
                    .as(path)
                    .isIn(400, 403);
        }
    }
}
