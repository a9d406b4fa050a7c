package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Scanner;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that reconnect, over the same transport or another one. */
public abstract class ReconnectSuite extends HistorySuite {
    @Test
    void aPollingClientWhoseSessionEndedResumesByPosition() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("poll-reconnect");
            String session = polled(get("events/poll?room=poll-reconnect"))
                    .get(0)
                    .event()
                    .data()
                    .string("session");
            kim.send(EventClient.message("poll-reconnect", "one"));
            List<Polled> seen = pollUntil(session, 1, "\"one\"");
            String position = seen.get(seen.size() - 1).position();
            endSession(session);
            kim.next("left");
            assertThat(get("events/poll", "Hubbub-Session", session).statusCode())
                    .isEqualTo(404);
            kim.send(EventClient.message("poll-reconnect", "two")).untilPong();
            List<Polled> again = new ArrayList<>(polled(get("events/poll?room=poll-reconnect&since=" + position)));
            if (again.stream().noneMatch(polled -> polled.event().name().equals("message"))) {
                again.addAll(pollUntil(
                        again.get(0).event().data().string("session"),
                        again.get(again.size() - 1).n(),
                        "\"two\""));
            }
            assertThat(again.stream().filter(polled -> polled.event().name().equals("hello")))
                    .allMatch(polled -> polled.event().data().json().contains("\"recovered\":true"));
            assertThat(again.stream().filter(polled -> polled.event().name().equals("message")))
                    .extracting(polled -> polled.event().data().string("text"))
                    .containsExactly("two");
        }
    }

    @Test
    void thePositionForTheEventsToAllCanBeAHeaderOfAPoll() throws Exception {
        List<Polled> first = polled(get("events/poll?was="));
        assertThat(first.get(0).position()).isNotEmpty();
        List<Polled> again =
                polled(get("events/poll?was=", "Last-Event-ID", first.get(0).position()));
        assertThat(again.get(0).event().data().json()).contains("\"recovered\":true");
    }

    @Test
    void aReconnectingWebSocketIsSentTheEventsItMissed() {
        try (EventClient kim = connect()) {
            kim.join("ws-reconnect");
            EventClient lee = connect();
            lee.send("{\"name\":\"join\",\"data\":{\"room\":\"ws-reconnect\",\"since\":\"\"}}");
            Data hello = lee.next("hello").data();
            kim.next("joined");
            lee.abort();
            kim.next("left");
            kim.send(EventClient.message("ws-reconnect", "missed")).untilPong();
            try (EventClient again = EventClient.connect(URI.create(events() + "?was=" + lee.id()))) {
                String since = hello.string("epoch") + "." + Scanner.member(hello.json(), "position");
                again.send("{\"name\":\"join\",\"data\":{\"room\":\"ws-reconnect\",\"since\":\"" + since + "\"}}");
                assertThat(again.next("hello").data().json()).contains("\"recovered\":true");
                assertThat(again.next("message").data().string("text")).isEqualTo("missed");
            }
        }
    }

    @Test
    void aClientThatReconnectsWithinTheGracePeriodIsNotReportedAsLeft() throws Exception {
        try (EventClient kim = connect()) {
            kim.join("grace");
            EventClient lee = EventClient.connect(URI.create(events() + "?was="));
            String session = lee.events.get(0).data().string("session");
            lee.join("grace");
            kim.next("joined");
            lee.abort();
            try (EventClient again = EventClient.connect(URI.create(events() + "?was=" + session))) {
                assertThat(again.id()).isEqualTo(lee.id());
                again.join("grace").send(EventClient.message("grace", "reconnected"));
                assertThat(kim.next("message").data().string("from")).isEqualTo(lee.id());
                session = again.events.get(0).data().string("session");
                again.abort();
            }
            try (StreamClient stream = stream("?room=grace&was=" + session)) {
                session = stream.session();
                assertThat(session).startsWith(lee.id() + ".");
                post(session, EventClient.message("grace", "by POST"));
                kim.next(event -> event.data().json().contains("by POST"));
            }
            List<Polled> polled = polled(get("events/poll?room=grace", "Hubbub-Was", session));
            assertThat(polled.get(0).event().data().string("id")).isEqualTo(lee.id());
            kim.untilPong();
            assertThat(kim.events.stream().map(Event::name))
                    .doesNotContain("left")
                    .containsOnlyOnce("joined");
        }
    }
}
