package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Scanner;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Earlier events of rooms: {@code join} with {@code last}, the event {@code history}, and idempotency keys. */
public abstract class HistorySuite extends HttpEdgeSuite {
    private static String join(String room, int last) {
        return "{\"name\":\"join\",\"data\":{\"room\":\"" + room + "\",\"last\":" + last + "}}";
    }

    private static String history(String data) {
        return "{\"name\":\"history\",\"id\":1,\"data\":" + data + "}";
    }

    /** The texts of the events of a page. */
    static List<String> texts(Data page) {
        List<String> texts = new ArrayList<>();
        String events = Scanner.member(page.json(), "events");
        Scanner.forEachElement(
                events, (start, end) -> texts.add(text(Scanner.member(events.substring(start, end), "data"))));
        return texts;
    }

    /** A member of one event of a page. */
    private static String member(Data page, int index, String name) {
        List<String> found = new ArrayList<>();
        String events = Scanner.member(page.json(), "events");
        Scanner.forEachElement(events, (start, end) -> found.add(Scanner.member(events.substring(start, end), name)));
        return found.get(index);
    }

    private static void publish(EventClient client, String room, int from, int to) {
        for (int i = from; i <= to; i++) {
            client.send("{\"name\":\"message\",\"id\":9,\"data\":{\"room\":\"" + room + "\",\"text\":\"" + i + "\"}}");
            client.next("ack");
        }
    }

    @Test
    void aJoinWithLastIsSentTheLastEventsAfterHelloAndThenTheLiveOnes() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("last");
            publish(kim, "last", 1, 5);
            lee.send(join("last", 3));
            Data hello = lee.next("hello").data();
            assertThat(hello.integer("position"))
                    .as("the position before the first of them")
                    .isEqualTo(2);
            for (String text : List.of("3", "4", "5")) {
                assertThat(lee.next("message").data().string("text")).isEqualTo(text);
            }
            publish(kim, "last", 6, 6);
            assertThat(lee.next("message").data().string("text")).isEqualTo("6");
            lee.send(join("last", 3)).next("hello");
            assertThat(lee.untilPong()).as("a member already").isEmpty();
            lee.send(join("last", 1001)).error("invalid-data");
            lee.send(join("last", -1)).error("invalid-data");
            lee.send("{\"name\":\"join\",\"data\":{\"room\":\"last\",\"last\":\"3\"}}")
                    .error("invalid-data");
        }
    }

    @Test
    void historyIsReadInPagesFromTheNewestToTheOldest() {
        try (EventClient kim = connect()) {
            kim.join("pages");
            publish(kim, "pages", 1, 7);
            long before = System.currentTimeMillis();
            Data last = kim.send(history("{\"room\":\"pages\",\"limit\":3}"))
                    .next("ack")
                    .data();
            assertThat(texts(last)).containsExactly("5", "6", "7");
            assertThat(last.json()).endsWith("\"more\":true}");
            assertThat(last.string("room")).isEqualTo("pages");
            assertThat(Long.parseLong(member(last, 0, "at"))).isBetween(before - 60_000, before + 60_000);
            String position = member(last, 0, "position");
            Data second = kim.send(history("{\"room\":\"pages\",\"limit\":3,\"before\":" + position + "}"))
                    .next("ack")
                    .data();
            assertThat(texts(second)).containsExactly("2", "3", "4");
            Data first = kim.send(history(
                            "{\"room\":\"pages\",\"limit\":3,\"before\":" + member(second, 0, "position") + "}"))
                    .next("ack")
                    .data();
            assertThat(texts(first)).containsExactly("1");
            assertThat(first.json()).endsWith("\"more\":false}");
        }
    }

    @Test
    void historyNeedsMembershipAnIdAndValidData() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("closed-history");
            publish(kim, "closed-history", 1, 1);
            lee.send(history("{\"room\":\"closed-history\"}")).error("not-in-room");
            lee.send(history("{\"room\":\"nobody-is-here\"}")).error("not-in-room");
            kim.send("{\"name\":\"history\",\"data\":{\"room\":\"closed-history\"}}")
                    .error("invalid-data");
            for (String wrong : List.of(
                    "\"limit\":0",
                    "\"limit\":101",
                    "\"limit\":-1",
                    "\"limit\":1e2",
                    "\"before\":\"1\"",
                    "\"before\":7")) {
                kim.send(history("{\"room\":\"closed-history\"," + wrong + "}")).error("invalid-data");
            }
            // Of another room, or forged; and from the future.
            Data other = kim.send(history("{\"room\":\"closed-history\",\"before\":\"AAAAAAAAAAA.9\"}"))
                    .next("ack")
                    .data();
            assertThat(other.json()).endsWith("\"events\":[],\"more\":false}");
        }
    }

    @Test
    void historyHasAttachmentsAndLeavesOutEventsThatExcludedTheReader() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("history-binary");
            lee.join("history-binary");
            kim.send(EventClient.binary(
                    "{\"name\":\"message\",\"data\":{\"room\":\"history-binary\",\"text\":\"file\"}}",
                    new byte[] {1, 0, 2}));
            kim.send("{\"name\":\"broadcast\",\"id\":2,\"data\":{\"room\":\"history-binary\",\"text\":\"mine\"}}")
                    .next("ack");
            Data own = kim.send(history("{\"room\":\"history-binary\"}"))
                    .next("ack")
                    .data();
            assertThat(texts(own)).containsExactly("file");
            assertThat(member(own, 0, "attachment"))
                    .isEqualTo('"' + Base64.getEncoder().encodeToString(new byte[] {1, 0, 2}) + '"');
            Data others = lee.send(history("{\"room\":\"history-binary\"}"))
                    .next("ack")
                    .data();
            assertThat(texts(others)).containsExactly("file", "mine");
        }
    }

    @Test
    void anEventWithTheKeyOfAnEarlierOneIsPublishedOnce() {
        try (EventClient kim = connect();
                EventClient lee = connect()) {
            kim.join("keys");
            lee.join("keys");
            String event = "\"data\":{\"room\":\"keys\",\"text\":\"once\"},\"key\":\"k-1\"}";
            Data first = kim.send("{\"name\":\"message\",\"id\":1," + event)
                    .next("ack")
                    .data();
            Data again = kim.send("{\"name\":\"message\",\"id\":2," + event)
                    .next("ack")
                    .data();
            assertThat(again).isEqualTo(first);
            kim.send("{\"name\":\"message\"," + event); // without an id
            kim.send("{\"name\":\"broadcast\",\"id\":3,\"data\":{\"room\":\"keys\",\"text\":\"two\"},\"key\":\"k-2\"}");
            kim.next("ack");
            Event delivered = lee.next("message");
            assertThat(delivered.key()).as("keys are not delivered").isNull();
            lee.next("broadcast");
            assertThat(lee.events.stream().filter(e -> e.name().equals("message")))
                    .hasSize(1);
            for (String wrong : List.of("\"\"", "7", "\"" + "k".repeat(129) + "\"", "{}")) {
                kim.send("{\"name\":\"message\",\"id\":4,\"data\":{\"room\":\"keys\"},\"key\":" + wrong + "}");
                kim.error("malformed");
            }
        }
    }

    @Test
    void streamsAndPollsBeginWithTheLastEvents() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("http-last");
            publish(kim, "http-last", 1, 5);
            try (StreamClient lee = stream("?room=http-last&last=2")) {
                lee.next("hello");
                assertThat(text(lee.next("message", 1).data())).isEqualTo("4");
                assertThat(text(lee.next("message", 2).data())).isEqualTo("5");
            }
            List<Polled> first = polled(get("events/poll?room=http-last&last=2"));
            String session = first.get(0).event().data().string("session");
            List<Polled> all = new ArrayList<>(first);
            if (first.stream().noneMatch(polled -> polled.event().data().json().contains("\"text\":\"5\""))) {
                all.addAll(pollUntil(session, first.get(first.size() - 1).n(), "\"text\":\"5\""));
            }
            List<Polled> messages = all.stream()
                    .filter(polled -> polled.event().name().equals("message"))
                    .toList();
            assertThat(messages)
                    .extracting(polled -> polled.event().data().string("text"))
                    .containsExactly("4", "5");
            assertThat(messages).extracting(Polled::position).doesNotContainNull();
            assertThat(get("events/poll?room=http-last&last=1001").statusCode()).isEqualTo(400);
        }
    }
}
