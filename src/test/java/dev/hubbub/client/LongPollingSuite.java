package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.EventDecoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Long polling. */
public abstract class LongPollingSuite extends EventStreamSuite {
    /** An event in a response to a poll. */
    record Polled(Event event, long n, String position) {}

    static List<Polled> polled(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<Polled> events = new ArrayList<>();
        Scanner.forEachElement(response.body(), (start, end) -> {
            String element = response.body().substring(start, end);
            String n = Scanner.member(element, "n");
            String position = Data.parse(element).string("position");
            events.add(new Polled(EventDecoder.event(element), n == null ? 0 : Long.parseLong(n), position));
        });
        return events;
    }

    private List<Polled> poll(String session, long after) throws Exception {
        return polled(get("events/poll?after=" + after, "Hubbub-Session", session));
    }

    /** Polls until an event contains this text, and returns all events. */
    final List<Polled> pollUntil(String session, long after, String text) throws Exception {
        List<Polled> all = new ArrayList<>();
        long seen = after;
        while (all.stream().noneMatch(polled -> polled.event().data().json().contains(text))) {
            all.addAll(poll(session, seen));
            seen = all.isEmpty() ? after : all.get(all.size() - 1).n();
        }
        return all;
    }

    @Test
    void aPollingClientReceivesEachEventOnceEvenIfAResponseIsLost() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("poll1");
            List<Polled> first = polled(get("events/poll?room=poll1&nick=Lee"));
            assertThat(first.get(0).event().name()).isEqualTo("connected");
            String session = first.get(0).event().data().string("session");
            long seen = first.get(first.size() - 1).n();
            List<Polled> hello =
                    first.stream().anyMatch(polled -> polled.event().name().equals("hello"))
                            ? List.of()
                            : pollUntil(session, seen, "\"epoch\"");
            seen = hello.isEmpty() ? seen : hello.get(hello.size() - 1).n();
            assertThat(kim.next("joined").data().string("nick")).isEqualTo("Lee");
            for (int i = 0; i < 200; i++) {
                kim.send(EventClient.message("poll1", "m" + i));
            }
            List<Polled> lost = poll(session, seen);
            assertThat(lost).isNotEmpty();
            List<Polled> again = pollUntil(session, seen, "\"m199\"");
            assertThat(again.subList(0, lost.size())).as("sent again").isEqualTo(lost);
            assertThat(again.stream().map(polled -> polled.event().data().string("text")))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 200).mapToObj(i -> "m" + i).toList());

            long end = again.get(again.size() - 1).n();
            CompletableFuture<HttpResponse<String>> waiting =
                    Http.getAsync(url("events/poll?after=" + end), "Hubbub-Session", session);
            assertThat(post(session, EventClient.message("poll1", "mine")).statusCode())
                    .isEqualTo(noContentStatus());
            assertThat(text(polled(waiting.get()).get(0).event().data().json())).isEqualTo("mine");
            assertThat(get("events/poll?wait=0&after=" + (end + 1), "Hubbub-Session", session)
                            .body())
                    .isEqualTo("[]");
        }
    }

    @Test
    void aPollingClientThatConfirmsNothingGetsBoundedResponsesAndIsClosed() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("unconfirmed");
            String session = polled(get("events/poll?room=unconfirmed"))
                    .get(0)
                    .event()
                    .data()
                    .string("session");
            kim.next("joined");
            int longest = 0;
            int status = 200;
            for (int i = 0; i < 100 && status == 200; i++) { // the outbox holds 1 MB
                kim.send(EventClient.message("unconfirmed", "x".repeat(50_000))).untilPong();
                HttpResponse<String> answer = get("events/poll?after=0", "Hubbub-Session", session);
                status = answer.statusCode();
                longest = Math.max(longest, answer.body().length());
            }
            assertThat(status).isEqualTo(404);
            assertThat(longest).isLessThanOrEqualTo(64 * 1024 + 1);
            await().until(() ->
                    kim.events.stream().anyMatch(event -> event.name().equals("left")));
        }
    }

    private int postNumbered(String session, String number, String event) throws Exception {
        return Http.post(url("events/send"), event, "Hubbub-Session", session, "Hubbub-Post", number)
                .statusCode();
    }

    @Test
    void aRepeatedPostIsAnsweredButNotExecuted() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("numbered");
            String session = polled(get("events/poll?room=numbered"))
                    .get(0)
                    .event()
                    .data()
                    .string("session");
            kim.next("joined");
            assertThat(postNumbered(session, "1", EventClient.message("numbered", "one")))
                    .isEqualTo(noContentStatus());
            assertThat(postNumbered(session, "1", EventClient.message("numbered", "again")))
                    .isEqualTo(noContentStatus());
            assertThat(postNumbered(session, "3", EventClient.message("numbered", "early")))
                    .isEqualTo(409);
            assertThat(postNumbered(session, "2", "not an event")).isEqualTo(400); // the number is still free
            assertThat(postNumbered(session, "2", EventClient.message("numbered", "two")))
                    .isEqualTo(noContentStatus());
            assertThat(postNumbered(session, "1", EventClient.message("numbered", "again")))
                    .isEqualTo(noContentStatus());
            for (String number : List.of("0", "-1", "x", "1.5", "9".repeat(30))) {
                assertThat(postNumbered(session, number, EventClient.message("numbered", number)))
                        .as(number)
                        .isEqualTo(400);
            }
            assertThat(postNumbered(session, "3", EventClient.message("numbered", "three")))
                    .isEqualTo(noContentStatus());
            kim.next(event -> event.data().json().contains("three"));
            assertThat(kim.events.stream()
                            .filter(event -> event.name().equals("message"))
                            .map(event -> event.data().string("text")))
                    .containsExactly("one", "two", "three");
        }
    }

    final HttpResponse<String> endSession(String session) throws Exception {
        return Http.send(
                Http.request(url("events/poll"), "Hubbub-Session", session).DELETE());
    }

    @Test
    void endingAnUnknownSessionIsAnsweredWith404() throws Exception {
        for (String session : List.of("", "x", "x.y", "nobody-has-this-.secret")) {
            assertThat(endSession(session).statusCode()).as(session).isEqualTo(404);
        }
    }

    @Test
    void aPollWithAShortWaitIsAnsweredImmediately() throws Exception {
        List<Polled> first = polled(get("events/poll?room=short-wait"));
        String session = first.get(0).event().data().string("session");
        long seen = first.get(first.size() - 1).n();
        for (int i = 0; i < 500; i++) {
            List<Polled> more = polled(get("events/poll?wait=" + i % 5 + "&after=" + seen, "Hubbub-Session", session));
            seen = more.isEmpty() ? seen : more.get(more.size() - 1).n();
        }
    }

    @Test
    void aPollWithoutWaitingDoesNotJoinTheRoom() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("history");
            List<Polled> first = polled(get("events/poll?room=history&wait=0"));
            String position = first.get(0).event().data().string("position");
            kim.send(EventClient.message("history", "a"))
                    .send(EventClient.message("history", "b"))
                    .untilPong();
            List<Polled> then = polled(get("events/poll?room=history&wait=0&since=" + position));
            assertThat(then.get(0).event().data().json()).contains("\"recovered\":true");
            assertThat(then.subList(1, 3))
                    .extracting(polled -> polled.event().data().string("text"))
                    .containsExactly("a", "b");
            assertThat(kim.events).noneMatch(event -> event.name().equals("joined"));
        }
    }
}
