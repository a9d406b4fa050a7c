package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Event;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events over WebSocket, the page, and the health endpoint. */
public abstract class ProtocolSuite extends ConnectionSuite {
    @Test
    void joinWithoutDataIsAnsweredWithHelloForTheLobby() {
        try (EventClient kim = connect()) {
            Data hello = kim.send("{\"name\":\"join\"}").next("hello").data();
            assertThat(hello.string("room")).isEqualTo("lobby");
            assertThat(hello.string("id")).isEqualTo(kim.id());
        }
    }

    @Test
    void eventsReachTheMembersOfTheRoomAndNoOtherClient() {
        try (EventClient kim = connect();
                EventClient lee = connect();
                EventClient out = connect()) {
            kim.join("events");
            lee.join("events");
            out.join("elsewhere");
            assertThat(kim.next("joined").data().string("id")).isEqualTo(lee.id());
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"events\",\"text\":\"안녕 😀\",\"extra\":[1.50]}}");
            String expected = "{\"room\":\"events\",\"from\":\"" + kim.id() + "\",\"text\":\"안녕 😀\",\"extra\":[1.50]}";
            assertThat(lee.next("message").data().json()).isEqualTo(expected);
            assertThat(kim.next("message").data().json()).isEqualTo(expected);
            lee.send("{\"name\":\"broadcast\",\"data\":{\"room\":\"events\",\"n\":1}}");
            assertThat(kim.next("broadcast").data().string("from")).isEqualTo(lee.id());
            assertThat(lee.untilPong()).isEmpty();
            assertThat(out.untilPong()).isEmpty();
        }
    }

    @Test
    void membersAreNotifiedWhenAClientLeavesOrDisconnects() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("leaving");
            lee.join("leaving");
            lee.send("{\"name\":\"leave\",\"data\":{\"room\":\"leaving\"},\"id\":1}");
            assertThat(lee.next("left").data().string("id")).isEqualTo(lee.id());
            assertThat(lee.next("ack").id()).isEqualTo("1");
            assertThat(kim.next("left").data().string("id")).isEqualTo(lee.id());
            EventClient third = connect().join("leaving");
            third.abort();
            assertThat(kim.next("left").data().string("id")).isEqualTo(third.id());
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
            assertThat(kim.untilPong()).isEmpty();
        }
    }

    @Test
    void membersReceiveConcurrentEventsInTheSameOrder() {
        int each = 500;
        try (EventClient kim = connect();
                EventClient lee = connect();
                EventClient third = connect()) {
            List<EventClient> all = List.of(kim, lee, third);
            all.forEach(client -> client.join("order"));
            all.forEach(EventClient::untilPong);
            Thread second = new Thread(() -> publish(lee, each));
            second.start();
            publish(kim, each);
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

    private static void publish(EventClient client, int messages) {
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
    void invalidEventsAreAnsweredWithErrorsAndTheConnectionStaysOpen() {
        try (EventClient kim = connect();
                EventClient bystander = connect()) {
            bystander.join("bad");
            kim.join("bad");
            bystander.untilPong();
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
    void aMessageBeforeJoiningIsRejected() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"message\",\"data\":{\"text\":\"hi\"},\"id\":1}")
                    .error("not-in-room");
            kim.join("lobby");
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
    void largeEventsArriveIntact() {
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
    void thePageAndItsModuleAreServed() throws Exception {
        HttpResponse<String> page = get("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.body()).contains("<title>Hubbub");
        HttpResponse<String> module = get("hubbub.js");
        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.headers().firstValue("Content-Type").orElse("")).contains("javascript");
    }

    @Test
    void theHealthEndpointReportsClientsAndRooms() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("health");
            HttpResponse<String> health = get("health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).matches("\\{\"status\":\"up\",\"clients\":[1-9]\\d*,\"rooms\":[1-9]\\d*,.*}");
        }
    }

    @Test
    void theNpmWsClientCompletesTheTutorial() throws Exception {
        NodeScripts.tutorial(events());
    }

    @Test
    void theHttpApiIsOffWithoutKeys() throws Exception {
        for (String key : List.of("x", "a-key-of-at-least-32-characters-x")) {
            String[] headers = {"Authorization", "Bearer " + key};
            assertThat(get("api/rooms", headers).statusCode()).isEqualTo(404);
            assertThat(Http.post(url("api/rooms/lobby/events"), "{\"name\":\"a\"}", headers)
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
