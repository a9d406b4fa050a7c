package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.client.EventClient;
import dev.hubbub.json.Scanner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server with SIGKILL while a client publishes, and starts it again. {@code -Dhubbub.kill.seconds=600} does so for ten
 * minutes, otherwise it is done three times.
 */
class HistoryKillIT {
    private static final String ROOM = "kill";
    private static final int MAX_UNACKNOWLEDGED = 200;

    @TempDir
    Path folder;

    private final Random random = new Random();
    private final TreeSet<Integer> unacknowledged = new TreeSet<>();
    private final TreeSet<Integer> acknowledged = new TreeSet<>();
    private final List<Integer> received = new ArrayList<>();
    private String position = "";
    private int sent;

    private WarProcess start() throws Exception {
        WarProcess war = new WarProcess(List.of(), "--port", "0", "--history", folder.toString());
        war.url();
        return war;
    }

    @Test
    void whatWasAcknowledgedIsStoredOnceAndReachesClientsThatReturn() throws Exception {
        long seconds = Long.getLong("hubbub.kill.seconds", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int round = 0; round < 3 || System.nanoTime() < end; round++) {
            WarProcess war = start();
            EventClient reader = returning(war);
            publishUntilKilled(war);
            takeEvents(reader);
        }
        try (WarProcess war = start();
                EventClient reader = returning(war);
                EventClient writer = EventClient.connect(war.events()).join(ROOM)) {
            sendAgain(writer);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                takeAcknowledgements(writer);
                return unacknowledged.isEmpty();
            });
            reader.untilPong();
            takeEvents(reader);
            List<Integer> stored = stored(reader);
            assertThat(stored).as("in order, and once").isSorted().doesNotHaveDuplicates();
            assertThat(stored).containsAll(acknowledged).hasSize(sent);
            assertThat(received).containsAll(stored);
        }
    }

    private EventClient returning(WarProcess war) {
        EventClient reader = EventClient.connect(war.events());
        reader.send("{\"name\":\"join\",\"data\":{\"room\":\"" + ROOM + "\",\"since\":\"" + position + "\"}}");
        Data hello = reader.next("hello").data();
        if (!position.isEmpty()) {
            assertThat(Scanner.member(hello.json(), "recovered"))
                    .as("from " + position)
                    .isEqualTo("true");
        }
        position = hello.string("epoch") + "." + hello.integer("position");
        return reader;
    }

    private void publishUntilKilled(WarProcess war) throws Exception {
        EventClient writer = EventClient.connect(war.events()).join(ROOM);
        sendAgain(writer);
        long killAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(1_000));
        while (System.nanoTime() < killAt) {
            if (unacknowledged.size() < MAX_UNACKNOWLEDGED) {
                send(writer, ++sent);
            }
            takeAcknowledgements(writer);
        }
        war.process.destroyForcibly().waitFor();
        await().until(() -> writer.closeCode != 0);
        takeAcknowledgements(writer);
    }

    private void sendAgain(EventClient writer) {
        new ArrayList<>(unacknowledged).forEach(number -> send(writer, number));
    }

    private void send(EventClient writer, int number) {
        unacknowledged.add(number);
        try {
            writer.send("{\"name\":\"message\",\"id\":" + number + ",\"key\":\"k" + number + "\",\"data\":{\"room\":\""
                    + ROOM + "\",\"text\":\"" + number + "\"}}");
        } catch (CompletionException lost) {
            assertThat(writer.closeCode).isNotZero();
        }
    }

    private void takeAcknowledgements(EventClient writer) {
        for (Event event : List.copyOf(writer.events)) {
            if (event.name().equals("ack") && event.id() != null) {
                int number = Integer.parseInt(event.id());
                if (unacknowledged.remove(number)) {
                    acknowledged.add(number);
                }
            }
        }
        writer.events.removeIf(
                event -> event.name().equals("ack") || event.name().equals("message"));
    }

    private void takeEvents(EventClient reader) {
        for (Event event : reader.events) {
            if (event.name().equals("message")) {
                received.add(Integer.valueOf(event.data().string("text")));
            }
        }
        if (reader.lastPosition() != null) {
            position = reader.lastPosition();
        }
    }

    private static List<Integer> stored(EventClient client) {
        List<Integer> stored = new ArrayList<>();
        String before = "";
        boolean more = true;
        while (more) {
            client.send("{\"name\":\"history\",\"id\":\"page\",\"data\":{\"room\":\"" + ROOM + "\",\"limit\":100"
                    + before + "}}");
            String page =
                    client.next(event -> "\"page\"".equals(event.id())).data().json();
            List<Integer> numbers = new ArrayList<>();
            List<String> positions = new ArrayList<>();
            String events = Scanner.member(page, "events");
            Scanner.forEachElement(events, (start, end) -> {
                String event = events.substring(start, end);
                numbers.add(Integer.valueOf(
                        Data.parse(Scanner.member(event, "data")).string("text")));
                positions.add(Scanner.member(event, "position"));
            });
            stored.addAll(0, numbers);
            more = page.endsWith("\"more\":true}");
            before = ",\"before\":" + (positions.isEmpty() ? "" : positions.get(0));
        }
        return stored;
    }
}
