package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event streams, events sent by POST, and requests that are rejected. */
public abstract class EventStreamSuite extends WebSocketSuite {
    static String text(String data) {
        return Data.parse(data).string("text");
    }

    @Test
    void anEventSourceReceivesRoomEventsAndSendsByPost() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = stream("?room=sse1&room=sse2&nick=Lee")) {
            assertThat(lee.response.statusCode()).isEqualTo(200);
            assertThat(lee.response
                            .headers()
                            .firstValue("Content-Type")
                            .orElseThrow()
                            .replace(" ", ""))
                    .isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
            lee.next("hello", 2);
            kim.join("sse1");
            assertThat(Data.parse(lee.next("joined").data()).string("id")).isEqualTo(kim.id());
            kim.send(EventClient.message("sse1", "안녕\\n😀"));
            assertThat(text(lee.next("message").data())).isEqualTo("안녕\n😀");
            kim.send("{\"name\":\"message\",\"data\":{\n\"room\":\"sse1\",\r\n\"text\":\"broken\"\n}}");
            assertThat(text(lee.next("message", 2).data())).isEqualTo("broken");

            assertThat(post(lee.session(), EventClient.message("sse1", "by post"))
                            .statusCode())
                    .isEqualTo(noContentStatus());
            assertThat(kim.next(event -> event.name().equals("message")
                            && "by post".equals(event.data().string("text"))))
                    .isNotNull();
            assertThat(text(lee.next("message", 3).data())).isEqualTo("by post");
            post(lee.session(), "{\"name\":\"echo\",\"data\":[1],\"id\":7}");
            assertThat(lee.next("ack").data()).isEqualTo("{\"id\":7,\"data\":[1]}");
        }
    }

    /** The first request of the JDK's client has {@code Upgrade: h2c}, which a server may accept or ignore. */
    @Test
    void aPostThatOffersHttp2IsHandled() throws Exception {
        Assumptions.assumeTrue(answersRequestsThatOfferHttp2(), "The server may break the connection");
        try (StreamClient lee = stream("?room=http2")) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            Http.request(url("events/send"), "Hubbub-Session", lee.session())
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(EventClient.message("http2", "hi")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(noContentStatus());
            assertThat(text(lee.next("message").data())).isEqualTo("hi");
        }
    }

    @Test
    void aReconnectingEventSourceIsSentTheEventsItMissed() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("sse-reconnect");
            StreamClient lee = stream("?room=sse-reconnect");
            lee.next("hello");
            kim.send(EventClient.message("sse-reconnect", 1));
            lee.next("message");
            lee.close();
            kim.send(EventClient.message("sse-reconnect", 2))
                    .send(EventClient.message("sse-reconnect", 3))
                    .untilPong();
            try (StreamClient again = stream("?room=sse-reconnect", lee.lastEventId)) {
                assertThat(again.next("hello").data()).contains("\"recovered\":true");
                kim.send(EventClient.message("sse-reconnect", 4));
                again.next("message", 3);
                assertThat(again.all("message").stream().map(event -> text(event.data())))
                        .containsExactly("2", "3", "4");
            }
            try (StreamClient other = stream("?room=sse-reconnect", "AAAAAAAAAAA.1")) {
                assertThat(other.next("hello").data()).contains("\"recovered\":false");
            }
        }
    }

    @Test
    void anEventSourceReceivesAttachmentsInBase64() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = stream("?room=sse-binary")) {
            lee.next("hello");
            kim.join("sse-binary");
            kim.send(EventClient.binary(EventClient.message("sse-binary", "gif"), new byte[] {0, 1, (byte) 0xff}));
            assertThat(Data.parse(lee.next("message").data()).string("attachment"))
                    .isEqualTo("AAH/");
        }
    }

    @Test
    void aClosedEventSourceLeavesItsRooms() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("sse-leave");
            StreamClient lee = stream("?room=sse-leave");
            kim.next("joined");
            lee.close();
            // The server notices the closed connection when it writes.
            await().until(() -> {
                kim.send(EventClient.message("sse-leave", "hi"));
                return kim.events.stream().anyMatch(event -> event.name().equals("left"));
            });
        }
    }

    @Test
    void eventSourcesThatDisconnectDuringEventsDoNotAffectLaterOnes() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("sse-disconnect");
            for (int i = 0; i < 100; i++) {
                StreamClient lee = stream("?room=sse-disconnect");
                lee.next("hello");
                kim.send(EventClient.message("sse-disconnect", i));
                lee.next("message");
                lee.close();
                kim.send(EventClient.message("sse-disconnect", "after disconnect"))
                        .send(EventClient.message("sse-disconnect", "after disconnect"));
            }
        }
    }

    @Test
    void anEventStreamDropsThePositionsOfRoomsThatTheClientLeft() throws Exception {
        try (StreamClient lee = stream("?room=stays")) {
            lee.next("hello");
            for (int i = 0; i < 40; i++) {
                String room = "visited-" + i;
                post(lee.session(), "{\"name\":\"join\",\"data\":{\"room\":\"" + room + "\",\"since\":\"\"}}");
                lee.next("hello", i + 2);
                post(lee.session(), "{\"name\":\"leave\",\"data\":{\"room\":\"" + room + "\"}}");
                lee.next("left", i + 1);
            }
            post(lee.session(), EventClient.message("stays", "hi"));
            // The room and the events to all clients, and perhaps one room that was just left.
            assertThat(lee.next("message").id().split(",")).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void badRequestsAreRejectedAndTheRoomIsUnaffected() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = stream("?room=bad-requests")) {
            kim.join("bad-requests");
            String session = lee.session();
            String forged = session.substring(0, session.length() - 1) + (session.endsWith("A") ? "B" : "A");
            for (String token : List.of(forged, "x", ".", kim.id() + ".", "")) {
                assertThat(post(token, EventClient.message("bad-requests", "forged"))
                                .statusCode())
                        .as(token)
                        .isEqualTo(404);
                assertThat(get("events/poll?after=0", "Hubbub-Session", token).statusCode())
                        .as(token)
                        .isEqualTo(404);
            }
            assertThat(get("events/poll?after=0", "Hubbub-Session", session).statusCode())
                    .as("the session of an event stream")
                    .isEqualTo(404);
            assertThat(post(session, "{\"name\"").statusCode()).isEqualTo(400);
            assertThat(post(session, "{\"name\":\"echo\",\"data\":\"" + "x".repeat(70_000) + "\"}")
                            .statusCode())
                    .isEqualTo(413);
            assertThat(get("events/sse?room=" + "x".repeat(129)).statusCode()).isEqualTo(400);
            assertThat(get("events/sse?room=a&nick=" + "x".repeat(65)).statusCode())
                    .isEqualTo(400);
            assertThat(get("events/poll?room=a&nick=" + "x".repeat(65)).statusCode())
                    .isEqualTo(400);
            assertThat(get("events/poll?room=a&wait=soon").statusCode()).isEqualTo(400);
            HttpResponse<String> notUtf8 = Http.send(Http.request(url("events/send"), "Hubbub-Session", session)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            "{\"name\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1))));
            assertThat(notUtf8.statusCode()).isEqualTo(400);
            assertThat(post(session, EventClient.message("bad-requests", "still here"))
                            .statusCode())
                    .isEqualTo(noContentStatus());
            assertThat(kim.next("message").data().string("text")).isEqualTo("still here");
        }
    }

    @Test
    void requestsFromOtherOriginsAreRejected() throws Exception {
        for (String path : List.of("events/sse?room=a", "events/poll?room=a", "events/poll?wait=0")) {
            assertThat(from("https://evil.example", "GET", path).status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(from("https://evil.example", "POST", "events/send").status()).isEqualTo(403);
        assertThat(from("https://evil.example", "OPTIONS", "events/send").status())
                .isEqualTo(403);
        assertThat(from("http://" + url().getAuthority(), "GET", "events/poll?wait=0")
                        .status())
                .isEqualTo(200);
    }

    /** An image element, or {@code fetch} with the mode {@code no-cors}, sends no {@code Origin}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "events/sse?room=a",
                "events/poll?room=a",
                "events/poll?wait=0",
                "socket.io/?EIO=4&transport=polling"
            })
    void requestsOfOtherSitesWithoutAnOriginAreRejected(String path) throws Exception {
        for (String site : List.of("cross-site", "same-site")) {
            assertThat(HandshakeProbe.request(url(), "GET", path, "", "Sec-Fetch-Site", site, "Connection", "close")
                            .status())
                    .as(site)
                    .isEqualTo(403);
        }
        for (String site : List.of("same-origin", "none")) {
            assertThat(HandshakeProbe.request(url(), "GET", path, "", "Sec-Fetch-Site", site, "Connection", "close")
                            .status())
                    .as(site)
                    .isEqualTo(200);
        }
    }

    @Test
    void anIncompleteBodyDoesNotBlockOtherRequests() throws Exception {
        try (StreamClient lee = stream("?room=half");
                Socket half = new Socket(url().getHost(), url().getPort())) {
            half.getOutputStream()
                    .write(("POST " + url().getPath() + "events/send HTTP/1.1\r\nHost: " + url().getAuthority()
                                    + "\r\nContent-Type: application/json\r\nHubbub-Session: " + lee.session()
                                    + "\r\nContent-Length: 100\r\n\r\n{\"name\"")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(post(lee.session(), "{\"name\":\"echo\",\"id\":1}").statusCode())
                    .isEqualTo(noContentStatus());
            lee.next("ack");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
