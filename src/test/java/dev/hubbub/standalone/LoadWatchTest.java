package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.RecordedLog;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.LoadWatch;
import dev.hubbub.client.EventClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadWatchTest {
    private static final long SECONDS = TimeUnit.SECONDS.toNanos(1);
    private static final int EVENTS = 40;

    private Standalone server;
    private LoadWatch watch;

    @BeforeEach
    void start() throws Exception {
        System.setProperty("hubbub.hot-room", "15");
        System.setProperty("hubbub.events-per-second", "5");
        System.setProperty("hubbub.events-burst", "100");
        System.setProperty("hubbub.unlimited-addresses", "");
        server = Standalone.start("127.0.0.1", 0, null, Set.of());
        watch = new LoadWatch(Hubbub.current(), 0);
    }

    @AfterEach
    void stop() {
        server.close();
        List.of("hot-room", "events-per-second", "events-burst", "unlimited-addresses")
                .forEach(name -> System.clearProperty("hubbub." + name));
    }

    private static void broadcast(EventClient sender, String room) {
        for (int i = 0; i < EVENTS; i++) {
            sender.send("{\"name\":\"message\",\"data\":{\"room\":\"" + room + "\",\"text\":\"hello\"}}");
        }
        sender.send("{\"name\":\"echo\",\"id\":1}").next("ack");
    }

    @Test
    void aHotRoomAndABusySenderAreNamedOnceAMinute() {
        try (EventClient kim =
                        EventClient.connect(server.eventsUrl()).join("hot").join("calm");
                EventClient lee = EventClient.connect(server.eventsUrl()).join("hot");
                RecordedLog log = new RecordedLog(Level.WARNING)) {
            watch.check(5 * SECONDS);
            assertThat(log.messages).isEmpty();
            assertThat(watch.load().rooms()).isEmpty();

            broadcast(kim, "hot");
            watch.check(10 * SECONDS);
            assertThat(watch.load().rooms()).containsOnlyKeys("hot").containsEntry("hot", EVENTS * 2L / 5);
            assertThat(watch.load().senders()).containsEntry("127.0.0.1", EVENTS / 5L);
            assertThat(watch.load().hotRooms()).isEqualTo(1);
            assertThat(watch.load().nearRateLimit()).isEqualTo(1);
            assertThat(logged(log, "The room {0}"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.getParameters()).containsExactly("hot", "16", "1"));
            assertThat(logged(log, "{0} sends"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.getParameters())
                            .containsExactly(kim.id() + " (127.0.0.1) by websocket", "8", "5", "1"));

            broadcast(lee, "hot");
            watch.check(15 * SECONDS);
            assertThat(logged(log, "The room {0}")).hasSize(1);
            assertThat(logged(log, "{0} sends")).hasSize(1);

            watch.check(20 * SECONDS);
            assertThat(watch.load()).isEqualTo(new LoadWatch.Load(Map.of(), Map.of(), 0, 0));
            broadcast(kim, "calm");
            watch.check(80 * SECONDS);
            assertThat(watch.load().rooms()).containsOnlyKeys("calm");
            assertThat(log.messages).hasSize(2);
        }
    }

    private static List<LogRecord> logged(RecordedLog log, String beginning) {
        return log.records.stream()
                .filter(line -> line.getMessage().startsWith(beginning))
                .toList();
    }
}
