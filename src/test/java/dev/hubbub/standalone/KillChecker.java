package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.client.EventClient;
import dev.hubbub.json.Scanner;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes to a durable room and reads it, while its server and its database are killed. An acknowledged event is stored once, at
 * the position that was acknowledged; clients get everything that is stored, in order and once, except what they are told to be lost.
 */
public final class KillChecker {
    private static final String ROOM = "kill";
    private static final int MAX_UNACKNOWLEDGED = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final TreeSet<Integer> unacknowledged = new TreeSet<>();
    /** Those that were answered {@code unavailable}, and are still to be sent again. */
    private final TreeSet<Integer> refused = new TreeSet<>();

    private final Map<Integer, String> acknowledged = new TreeMap<>();
    private final List<Reader> readers = List.of(new Reader(), new Reader());
    private EventClient writer;
    private URI server;
    private int sent;
    private int refusals;
    private long answeredAt = System.nanoTime();

    /** A client that returns where it was. */
    private static final class Reader {
        /** Everything that it has received: the number of the event by its position. */
        final Map<String, Integer> received = new LinkedHashMap<>();

        /** Positions at which it was told that everything since the one before is lost to it. */
        final Map<String, String> lost = new LinkedHashMap<>();

        private String since = "";
        private EventClient client;
        private URI server;

        /** Joins, again until the server can use its database. */
        void comeBack(URI events) {
            server = events;
            client = EventClient.connect(events);
            await().atMost(TIMEOUT).until(this::joins);
            Data hello = client.events.stream()
                    .filter(event -> event.name().equals("hello"))
                    .findFirst()
                    .orElseThrow()
                    .data();
            if (!since.isEmpty()) {
                assertThat(Scanner.member(hello.json(), "recovered"))
                        .as("from " + since)
                        .isEqualTo("true");
            }
            since = hello.string("epoch") + "." + hello.integer("position");
        }

        private boolean joins() {
            String id = Integer.toString(client.events.size());
            client.send("{\"name\":\"join\",\"id\":" + id + ",\"data\":{\"room\":\"" + ROOM + "\",\"since\":\"" + since
                    + "\"}}");
            return client.next(event -> id.equals(event.id())).name().equals("ack");
        }

        void take() {
            for (Event event : taken(client)) {
                if (event.name().equals("message")) {
                    String position = client.position(event);
                    Integer twice =
                            received.put(position, Integer.valueOf(event.data().string("text")));
                    assertThat(twice)
                            .as("received twice, at " + position + ", after " + since)
                            .isNull();
                    since = position;
                } else if (event.name().equals("lost")) {
                    // Two losses with nothing between them are one.
                    String before = lost.containsKey(since) ? lost.remove(since) : since;
                    since = event.data().string("position");
                    lost.put(since, before);
                }
            }
        }

        /** What it must have received of these positions: all but what it was told to be lost. */
        List<String> expected(List<String> stored) {
            List<String> expected = new ArrayList<>(stored);
            lost.forEach((position, before) ->
                    expected.removeAll(stored.subList(stored.indexOf(before) + 1, end(stored, position))));
            return expected;
        }

        /** The index of what follows a position; one with the number 0 is the beginning of its epoch. */
        private static int end(List<String> stored, String position) {
            if (!position.endsWith(".0")) {
                return stored.indexOf(position) + 1;
            }
            String epoch = position.substring(0, position.length() - 1);
            int index = 0;
            while (index < stored.size() && !stored.get(index).startsWith(epoch)) {
                index++;
            }
            return index;
        }

        void leave() {
            take();
            client.close();
            await().until(() -> client.closeCode != 0);
            take();
        }
    }

    /** Connects all clients. */
    public void connect(URI events) {
        connect(events, events);
    }

    /** Connects the first reader and the one that publishes to one server, the other reader to another. */
    public void connect(URI events, URI other) {
        readers.get(0).comeBack(events);
        readers.get(1).comeBack(other);
        connectWriter(events);
    }

    private void connectWriter(URI events) {
        server = events;
        writer = EventClient.connect(events).join(ROOM);
        refused.clear(); // they are sent again with the others
        new ArrayList<>(unacknowledged).forEach(this::send);
    }

    /** One of the readers leaves and returns. */
    public void comeBack(int reader, URI events) {
        readers.get(reader).leave();
        readers.get(reader).comeBack(events);
    }

    /** Publishes until this time, in {@link System#nanoTime}. */
    public void publishUntil(long end) {
        sendRefused();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(500_000);
            if (unacknowledged.size() < MAX_UNACKNOWLEDGED) {
                send(++sent);
            } else {
                assertThat(Duration.ofNanos(System.nanoTime() - answeredAt))
                        .as("without an answer")
                        .isLessThan(TIMEOUT);
            }
            takeAnswers();
            readers.forEach(Reader::take);
        }
    }

    /** Publishes this many events, whether or not the server takes them. */
    void publish(int events) {
        for (int i = 0; i < events; i++) {
            send(++sent);
        }
    }

    /** Takes what was received before the connections were lost. */
    void lost() {
        await().atMost(TIMEOUT).until(() -> writer.closeCode != 0);
        takeAnswers();
        for (Reader reader : readers) {
            await().atMost(TIMEOUT).until(() -> reader.client.closeCode != 0);
            reader.take();
        }
    }

    /** Connects the clients that a server has lost to another one. */
    public void move(URI from, URI to) {
        boolean writerToo = server.equals(from);
        if (writerToo) {
            await().atMost(TIMEOUT).until(() -> writer.closeCode != 0);
            takeAnswers();
        }
        for (Reader reader : readers) {
            if (reader.server.equals(from)) {
                await().atMost(TIMEOUT).until(() -> reader.client.closeCode != 0);
                reader.take();
                reader.comeBack(to);
            }
        }
        if (writerToo) {
            connectWriter(to);
        }
    }

    /** Connects those clients to a server that have lost their connection. */
    public void returnLost(URI to) {
        for (Reader reader : readers) {
            if (reader.client.closeCode != 0) {
                reader.take();
                reader.comeBack(to);
            }
        }
        if (writer.closeCode != 0) {
            takeAnswers();
            connectWriter(to);
        }
    }

    private void send(int number) {
        unacknowledged.add(number);
        try {
            writer.send("{\"name\":\"message\",\"id\":" + number + ",\"key\":\"k" + number + "\",\"data\":{\"room\":\""
                    + ROOM + "\",\"text\":\"" + number + "\"}}");
        } catch (CompletionException lost) {
            await().until(() -> writer.closeCode != 0);
        }
    }

    private void takeAnswers() {
        for (Event event : taken(writer)) {
            if (event.id() == null) {
                continue;
            }
            answeredAt = System.nanoTime();
            int number = Integer.parseInt(event.id());
            if (event.name().equals("ack")) {
                unacknowledged.remove(number);
                String position = event.data().string("position");
                String before = acknowledged.put(number, position);
                assertThat(before == null ? position : before).isEqualTo(position);
            } else {
                assertThat(event.data().string("code")).isEqualTo("unavailable");
                refused.add(number);
                refusals++;
            }
        }
    }

    /** What a client has received since the last call. Its socket appends meanwhile. */
    private static List<Event> taken(EventClient client) {
        List<Event> events = List.copyOf(client.events);
        events.forEach(event -> client.events.remove(0));
        return events;
    }

    /** Sends again what was refused, once the database is back. */
    private void sendRefused() {
        List<Integer> again = List.copyOf(refused);
        refused.clear();
        again.forEach(this::send);
    }

    /** Waits until everything is acknowledged, and compares. @return what was done, for the log */
    public String check(URI events) {
        await().atMost(TIMEOUT).untilAsserted(() -> {
            takeAnswers();
            assertThat(writer.closeCode).isZero();
            sendRefused();
            assertThat(unacknowledged).as("not acknowledged").isEmpty();
        });
        Map<String, Integer> stored;
        try (EventClient client = EventClient.connect(events).join(ROOM)) {
            stored = stored(client);
        }
        assertThat(stored.values())
                .as("everything, and once")
                .doesNotHaveDuplicates()
                .hasSize(sent);
        acknowledged.forEach((number, position) -> assertThat(stored).containsEntry(position, number));
        for (Reader reader : readers) {
            reader.leave();
            reader.comeBack(events);
            String last = List.copyOf(stored.keySet()).get(stored.size() - 1);
            await().atMost(TIMEOUT).untilAsserted(() -> {
                reader.take();
                assertThat(reader.received).as("received").containsKey(last);
            });
            Set<String> kept = new HashSet<>(stored.keySet());
            List<String> received =
                    reader.received.keySet().stream().filter(kept::contains).toList();
            List<String> expected = reader.expected(List.copyOf(stored.keySet()));
            List<String> missing = new ArrayList<>(expected);
            missing.removeAll(reader.received.keySet());
            assertThat(missing)
                    .as("not received by reader " + readers.indexOf(reader))
                    .isEmpty();
            int same = 0;
            while (same < received.size()
                    && same < expected.size()
                    && received.get(same).equals(expected.get(same))) {
                same++;
            }
            assertThat(received.subList(same, Math.min(same + 3, received.size())))
                    .as("in order by reader " + readers.indexOf(reader) + ", which is told of lost ones " + reader.lost)
                    .isEqualTo(expected.subList(same, Math.min(same + 3, expected.size())));
            received.forEach(position -> assertThat(reader.received).containsEntry(position, stored.get(position)));
        }
        return sent + " events stored, " + refusals + " refused, received "
                + readers.stream()
                        .map(reader -> reader.received.size() + (reader.lost.isEmpty() ? "" : " and told of lost ones"))
                        .toList();
    }

    /** The stored events by their positions, in order. */
    private static Map<String, Integer> stored(EventClient client) {
        List<Map.Entry<String, Integer>> stored = new ArrayList<>();
        String before = "";
        boolean more = true;
        while (more) {
            client.send("{\"name\":\"history\",\"id\":\"page\",\"data\":{\"room\":\"" + ROOM + "\",\"limit\":100"
                    + before + "}}");
            String page =
                    client.next(event -> "\"page\"".equals(event.id())).data().json();
            List<Map.Entry<String, Integer>> events = new ArrayList<>();
            String list = Scanner.member(page, "events");
            Scanner.forEachElement(list, (start, end) -> {
                String event = list.substring(start, end);
                int number = Integer.parseInt(
                        Data.parse(Scanner.member(event, "data")).string("text"));
                events.add(Map.entry(Data.parse(event).string("position"), number));
            });
            stored.addAll(0, events);
            more = page.endsWith("\"more\":true}");
            before = events.isEmpty() ? "" : ",\"before\":\"" + events.get(0).getKey() + "\"";
        }
        Map<String, Integer> ordered = new LinkedHashMap<>();
        stored.forEach(event -> ordered.put(event.getKey(), event.getValue()));
        assertThat(ordered).hasSameSizeAs(stored);
        return ordered;
    }

    public void close() {
        readers.forEach(reader -> reader.client.close());
        writer.close();
    }
}
