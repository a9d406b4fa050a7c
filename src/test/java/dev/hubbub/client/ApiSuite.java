package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.json.Scanner;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP API, as part of {@link AccessSuite}. */
public abstract class ApiSuite extends ApiErrorsSuite {
    private static String member(HttpResponse<String> response, String name) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Scanner.member(response.body(), name);
    }

    @Test
    void anEventIsPublishedToARoomWithItsPosition() throws Exception {
        String room = "api room/가";
        try (EventClient kim = connect("kim")) {
            kim.send("{\"name\":\"join\",\"data\":{\"room\":\"" + room + "\",\"since\":\"\"}}")
                    .next("hello");
            String published = member(
                    post("api/events", "{\"name\":\"hi\",\"data\":{\"n\":1},\"room\":\"" + room + "\"}"), "position");
            assertThat(kim.next("hi").data().json()).isEqualTo("{\"n\":1}");
            assertThat(published).matches("\"[\\w-]{11}\\.1\"");
            String other =
                    member(post("api/events", "{\"name\":\"hi\",\"rooms\":[\"" + room + "\",\"b\"]}"), "positions");
            assertThat(other).contains("\"" + room + "\":\"", ".2\"", "\"b\":\"");
            kim.next("hi");
        }
    }

    @Test
    void theNameOfARoomCanStandInThePath() throws Exception {
        try (EventClient kim = connect("kim")) {
            kim.join("a+b 가");
            String path = "api/rooms/"
                    + URLEncoder.encode("a+b 가", StandardCharsets.UTF_8).replace("+", "%20");
            member(post(path + "/events", HI), "position");
            kim.next("hi");
            assertThat(member(call("GET", path, null), "members")).contains(kim.id());
            String query = "api/room?name=" + URLEncoder.encode("a+b 가", StandardCharsets.UTF_8);
            assertThat(call("GET", query, null).body()).contains("\"name\":\"a+b 가\"", "\"size\":1");
            assertThat(member(call("GET", "api/rooms", null), "rooms")).contains("{\"name\":\"a+b 가\",\"size\":1}");
        }
    }

    @Test
    void aBatchIsPublishedInOrder() throws Exception {
        try (EventClient kim = connect("kim")) {
            kim.join("batch");
            String events = IntStream.range(0, 200)
                    .mapToObj(i -> "{\"name\":\"n\",\"data\":" + i + "}")
                    .collect(Collectors.joining(",", "[", "]"));
            String positions = member(post("api/rooms/batch/events", events), "positions");
            List<String> all = new ArrayList<>();
            Scanner.forEachElement(positions, (start, end) -> all.add(positions.substring(start, end)));
            for (int i = 0; i < 200; i++) {
                assertThat(kim.next("n").data().json()).isEqualTo(Integer.toString(i));
                assertThat(all.get(i)).endsWith("." + (i + 1) + "\"");
            }
            assertThat(all).hasSize(200);
            assertThat(member(post("api/rooms/batch/events", "[]"), "positions"))
                    .isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            [{"name":"a"},{"name":""}]                    | 400 | malformed    | 1
            [{"name":"a"},{"data":1}]                     | 400 | malformed    | 1
            [{"name":"a"},7]                              | 400 | malformed    | 1
            [{"name":"a"},{"name":"ack"}]                 | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b","room":7}]          | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b","room":""}]         | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b","rooms":["x",1]}]   | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b","rooms":[]}]        | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b","rooms":"x"}]       | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b","rooms":["\\u0001all"]}] | 400 | invalid-data | 1
            [{"name":"a"},{"name":"b"}                    | 400 | malformed    |
            {"name":"a"                                   | 400 | malformed    |
            "a"                                           | 400 | malformed    |
            """)
    void aBatchWithAWrongEventIsRefusedWhole(String body, int status, String code, String index) throws Exception {
        try (EventClient kim = connect("kim")) {
            kim.send("{\"name\":\"echo\",\"id\":1}").next("ack");
            HttpResponse<String> refused = post("api/events", body.strip());
            assertProblem(refused, status, code);
            assertThat(Scanner.member(refused.body(), "index")).isEqualTo(index);
            kim.send("{\"name\":\"echo\",\"id\":2}").next("ack");
            assertThat(kim.events).noneMatch(event -> event.name().equals("a"));
        }
    }

    @Test
    void anEventThatIsTooLargeIsRefusedAndSoIsALargeBody() throws Exception {
        String large = "{\"name\":\"a\",\"data\":\"" + "x".repeat(65_536) + "\"}";
        assertProblem(post("api/rooms/large/events", large), 413, "too-large");
        HttpResponse<String> second = post("api/rooms/large/events", "[{\"name\":\"a\"}," + large + "]");
        assertProblem(second, 413, "too-large");
        assertThat(Scanner.member(second.body(), "index")).isEqualTo("1");
        assertProblem(post("api/rooms/large/events", "[" + " ".repeat(1_048_576) + "]"), 413, "too-large");
        String many =
                IntStream.range(0, 1_001).mapToObj(i -> "{\"name\":\"a\"}").collect(Collectors.joining(",", "[", "]"));
        assertProblem(post("api/rooms/large/events", many), 413, "too-large");
    }

    @Test
    void anEventGoesToAllToAClientAndToAUser() throws Exception {
        try (EventClient kim = connect("kim");
                EventClient lee = connect("lee")) {
            assertThat(member(post("api/events", "{\"name\":\"all\"}"), "position"))
                    .startsWith("\"");
            kim.next("all");
            lee.next("all");
            assertThat(member(post("api/clients/" + kim.id() + "/events", HI), "position"))
                    .isEqualTo("null");
            kim.next("hi");
            assertThat(member(post("api/users/lee/events", "[{\"name\":\"a\"},{\"name\":\"b\"}]"), "positions"))
                    .isEqualTo("[null,null]");
            lee.next("a");
            lee.next("b");
            assertThat(kim.events).noneMatch(event -> event.name().equals("b"));
            assertProblem(post("api/clients/nobody/events", HI), 404, "not-found");
            assertProblem(post("api/users/lee/events", "{\"name\":\"a\",\"room\":\"b\"}"), 400, "invalid-data");
        }
    }

    @Test
    void aClientOrAUserIsDisconnected() throws Exception {
        try (EventClient kim = connect("kim");
                EventClient lee = connect("lee")) {
            assertThat(call("DELETE", "api/clients/" + kim.id() + "?reason=Bye", null)
                            .statusCode())
                    .isEqualTo(204);
            kim.awaitClose(1008);
            assertThat(kim.closeReason).isEqualTo("Bye");
            assertThat(call("DELETE", "api/users/lee", null).statusCode()).isEqualTo(204);
            lee.awaitClose(1008);
            assertProblem(call("DELETE", "api/clients/" + "x".repeat(16), null), 404, "not-found");
        }
    }

    @Test
    void aRepeatedIdempotencyKeyPublishesNothingAndGetsTheFirstAnswer() throws Exception {
        String room = "once-" + UUID.randomUUID();
        try (EventClient kim = connect("kim")) {
            kim.join(room);
            String path = "api/rooms/" + room + "/events";
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> Http.CLIENT.sendAsync(
                            Http.request(url().resolve(path), "Authorization", "Bearer " + KEY, "Idempotency-Key", "k")
                                    .POST(HttpRequest.BodyPublishers.ofString("[" + HI + "," + HI + "]"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::body))
                    .allMatch(body -> body.contains("positions"))
                    .containsOnly(answers.get(0).join().body());
            assertProblem(post(path, HI, "Idempotency-Key", "k"), 409, "conflict");
            member(post("api/rooms/" + room + "-2/events", HI, "Idempotency-Key", "k"), "position");
            member(post(path, "{\"name\":\"end\"}"), "position");
            kim.next("end");
            assertThat(kim.events.stream().filter(event -> event.name().equals("hi")))
                    .hasSize(2);
            assertProblem(post(path, HI, "Idempotency-Key", "x".repeat(129)), 400, "invalid-data");
        }
    }

    @Test
    void aFailedRequestDoesNotUseUpItsIdempotencyKey() throws Exception {
        String path = "api/rooms/" + UUID.randomUUID() + "/events";
        assertProblem(post(path, "{\"name\":\"ack\"}", "Idempotency-Key", "k"), 400, "invalid-data");
        member(post(path, HI, "Idempotency-Key", "k"), "position");
    }

    @Test
    void aClientCanBeClosedWithAReasonThatIsTooLongForAFrame() throws Exception {
        try (EventClient kim = connect("kim")) {
            String path = "api/clients/" + kim.id() + "?reason=" + "x".repeat(1_000);
            assertThat(call("DELETE", path, null).statusCode()).isEqualTo(204);
            kim.awaitClose(1008);
        }
    }

    @Test
    void earlierEventsOfARoomAreReadInPages() throws Exception {
        String room = "pages-" + UUID.randomUUID();
        String events = IntStream.range(0, 90)
                .mapToObj(i -> "{\"name\":\"n\",\"data\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
        member(post("api/rooms/" + room + "/events", events), "positions");
        HttpResponse<String> last = call("GET", "api/rooms/" + room + "/events", null);
        assertThat(numbers(last))
                .containsExactlyElementsOf(IntStream.range(40, 90).boxed().toList());
        assertThat(member(last, "room")).isEqualTo("\"" + room + "\"");
        assertThat(member(last, "more")).isEqualTo("true");
        List<Integer> all = new ArrayList<>();
        String before = "";
        String more = "true";
        while (more.equals("true")) {
            HttpResponse<String> page = call("GET", "api/room/events?limit=7&name=" + room + before, null);
            all.addAll(0, numbers(page));
            before = "&before=" + page.body().replaceAll("(?s)^.*?\"position\":\"([^\"]+)\".*$", "$1");
            more = member(page, "more");
        }
        assertThat(all).containsExactlyElementsOf(IntStream.range(0, 90).boxed().toList());
        String forged = "api/rooms/" + room + "/events?before=AAAAAAAAAAA.9";
        assertThat(member(call("GET", forged, null), "events")).isEqualTo("[]");
        assertThat(member(call("GET", "api/rooms/" + UUID.randomUUID() + "/events", null), "events"))
                .isEqualTo("[]");
        assertProblem(send("GET", "api/rooms/" + room + "/events", null), 401, "forbidden");
    }

    @Test
    void eventsAreDeletedOneByOneAndAllOfARoom() throws Exception {
        String room = "delete-" + UUID.randomUUID();
        String path = "api/rooms/" + room + "/events";
        try (EventClient kim = connect("kim")) {
            kim.join(room);
            String position = Scanner.unquote(member(post(path, "{\"name\":\"n\",\"data\":1}"), "position"));
            String second = Scanner.unquote(member(post(path, "{\"name\":\"n\",\"data\":2}"), "position"));
            member(post(path, "{\"name\":\"n\",\"data\":3}"), "position");
            assertProblem(send("DELETE", path + "/" + position, null), 401, "forbidden");
            assertThat(call("DELETE", path + "/" + position, null).statusCode()).isEqualTo(204);
            assertThat(kim.next("deleted").data().string("position")).isEqualTo(position);
            assertProblem(call("DELETE", path + "/" + position, null), 404, "not-found");
            assertThat(numbers(call("GET", path, null))).containsExactly(2, 3);
            assertThat(call("DELETE", "api/room/events/" + second + "?name=" + room, null)
                            .statusCode())
                    .isEqualTo(204);
            assertThat(member(call("DELETE", path, null), "deleted")).isNotEqualTo("0");
            assertThat(numbers(call("GET", path, null))).isEmpty();
            assertThat(member(call("DELETE", "api/users/nobody/events", null), "deleted"))
                    .isEqualTo("0");
        }
    }

    private static List<Integer> numbers(HttpResponse<String> page) {
        List<Integer> numbers = new ArrayList<>();
        String events = member(page, "events");
        Scanner.forEachElement(events, (start, end) -> {
            String event = events.substring(start, end);
            if (Scanner.member(event, "name").equals("\"n\"")) { // and not "deleted"
                numbers.add(Integer.valueOf(Scanner.member(event, "data")));
            }
        });
        return numbers;
    }

    @Test
    void aCallerThatSendsTooMuchIsAnsweredWithAProblem() throws Exception {
        String many =
                IntStream.range(0, 1_000).mapToObj(i -> "{\"name\":\"a\"}").collect(Collectors.joining(",", "[", "]"));
        String other = "Bearer another-key-of-at-least-32-characters";
        HttpResponse<String> last = send("POST", "api/rooms/many/events", many, "Authorization", other);
        for (int i = 0; i < 100 && last.statusCode() == 200; i++) {
            last = send("POST", "api/rooms/many/events", many, "Authorization", other);
        }
        assertProblem(last, 429, "rate-limited");
        assertThat(last.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void anEventWithAnAttachmentIsPublished() throws Exception {
        try (EventClient kim = connect("kim")) {
            kim.join("bytes");
            String frame = "{\"name\":\"file\",\"data\":1}\0abc";
            member(post("api/rooms/bytes/events", frame, "Content-Type", "application/octet-stream"), "position");
            assertThat(StandardCharsets.UTF_8
                            .decode(kim.next("file").attachment())
                            .toString())
                    .isEqualTo("abc");
        }
    }
}
