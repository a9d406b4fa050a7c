package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TapTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalClient client = new TestClient(hubs.start(new TestHub())).client;

    @Test
    void itKeepsASampleOfEachSecondAndTheBeginningOfLongEvents() {
        Tap tap = TapPoints.begin(client);
        long now = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            int n = i;
            tap.show(() -> "event " + n + "x".repeat(1_000), now);
        }
        tap.show(() -> "later", now + Duration.ofSeconds(1).toNanos());
        Tap.Lines lines = tap.after(0);
        assertThat(lines.seen()).isEqualTo(51);
        assertThat(lines.lines()).hasSize(Tap.PER_SECOND + 1);
        assertThat(lines.lines().get(0).event()).startsWith("event 0xxx").hasSize(Tap.MAX_CHARACTERS + 1);
        assertThat(tap.after(50).lines()).extracting(Tap.Line::event).containsExactly("later");
    }

    @Test
    void itEndsWhenNobodyReadsIt() {
        Tap tap = TapPoints.begin(client);
        assertThat(TapPoints.begin(client)).isSameAs(tap);
        tap.show(() -> "event", System.nanoTime() + Duration.ofSeconds(16).toNanos());
        assertThat(client.tap()).isNull();
    }

    @Test
    void tokensAreNotShown() {
        Tap tap = TapPoints.begin(client);
        tap.show(new Event("auth", Data.parse("{\"token\":\"secret\"}")));
        assertThat(tap.after(0).lines().get(0).event()).isEqualTo("{\"name\":\"auth\"}");
    }
}
