package dev.hubbub.history;

import static dev.hubbub.history.Node.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.PublishedEvent;
import dev.hubbub.Room;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the history of a hub must do with every database. Each test has rooms of its own. */
abstract class HistoryContract {
    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    }

    private final List<Node> nodes = new ArrayList<>();

    /** The URL of an empty database. */
    abstract String url();

    JdbcHistory.Config config(Duration age, long events) {
        return new JdbcHistory.Config(url(), true, "*", age, events, Duration.ofSeconds(5), 1 << 20, false);
    }

    Node start() {
        return start(config(Duration.ofDays(30), 0), 10);
    }

    Node start(JdbcHistory.Config config, int logEvents) {
        Node node = node(config, logEvents);
        nodes.add(node);
        return node;
    }

    Node node(JdbcHistory.Config config, int logEvents) {
        return new Node(config, logEvents);
    }

    @AfterEach
    void stop() {
        nodes.forEach(Node::close);
    }

    private static List<String> texts(Page page) {
        return page.events().stream().map(event -> event.data().json()).toList();
    }

    @Test
    void aClientThatReturnsAfterARestartIsSentWhatItMissed() {
        List<Position> positions = new ArrayList<>();
        try (Node first = start()) {
            for (int i = 1; i <= 5; i++) {
                positions.add(first.publish("restart", i));
            }
        }
        try (Node second = start()) {
            second.publish("restart", 6);
        }
        Node third = start();
        Visitor kim = third.join("restart", positions.get(2).toString(), 0);
        assertThat(kim.recovered()).isTrue();
        assertThat(kim.hello())
                .contains("\"epoch\":\"" + positions.get(2).epoch() + "\"")
                .contains("\"position\":3}");
        kim.receives(4, 5, 6);
        third.publish("restart", 7);
        kim.receives(4, 5, 6, 7);
        Visitor lee = third.join("restart", null, 4);
        lee.receives(4, 5, 6, 7);
        assertThat(lee.socket.data("x").get(0)).contains(",\"at\":1");
        assertThat(third.join("restart", "AAAAAAAAAAA.3", 1).hello()).contains("\"recovered\":false");
    }

    @Test
    void aPositionBeyondTheEndOfAnEndedEpochIsItsEnd() {
        Position last;
        try (Node first = start()) {
            last = first.publish("end", 1);
        }
        Node second = start();
        second.publish("end", 2);
        Visitor kim = second.join("end", last.epoch() + ".9", 0);
        assertThat(kim.recovered()).isTrue();
        kim.receives(2);
        Position now = second.publish("end", 3);
        assertThat(second.join("end", now.epoch() + ".99", 0).recovered())
                .as("a position of the present epoch that was never reached")
                .isFalse();
    }

    @Test
    void historyIsReadInPagesOverRestarts() {
        for (int node = 0; node < 3; node++) {
            try (Node each = start()) {
                for (int i = 1; i <= 15; i++) {
                    each.publish("pages", 100 * node + i);
                }
            }
        }
        Node last = start();
        last.publish("pages", 301);
        List<String> all = new ArrayList<>();
        Position before = null;
        boolean more = true;
        while (more) {
            Page page = get(last.hub.room("pages").history(before, 7));
            all.addAll(0, texts(page));
            more = page.more();
            before = page.events().get(0).position();
        }
        assertThat(all).hasSize(46).startsWith("1", "2").endsWith("215", "301").doesNotHaveDuplicates();
        assertThat(get(last.hub.room("pages").history(new Position("AAAAAAAAAAA", 9), 7))
                        .events())
                .isEmpty();
    }

    @Test
    void everythingOfAnEventIsStored() {
        Position position;
        try (Node first = start()) {
            Visitor kim = first.join("whole", null, 0);
            Room room = first.hub.room("whole");
            room.publish(
                    "파일 😀", "a\u0000b", List.of(ByteBuffer.wrap(new byte[] {1, 0, 2}), ByteBuffer.wrap(new byte[0])));
            position = get(room.publish("x", 2, List.of(), kim.client));
            room.emit("x", 3);
            first.publish("whole", 4);
        }
        Node second = start();
        Page page = get(second.hub.room("whole").history(null, 9));
        PublishedEvent event = page.events().get(0);
        assertThat(event.name()).isEqualTo("파일 😀");
        assertThat(event.data().json()).isEqualTo("\"a\\u0000b\"");
        assertThat(event.attachments()).hasSize(2).first().isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 2}));
        assertThat(page.events().get(1).position()).isEqualTo(position);
        assertThat(texts(page)).hasSize(4);
        assertThat(Math.abs(event.at() - System.currentTimeMillis())).isLessThan(60_000);
    }

    @Test
    void keysAreRememberedOverARestart() {
        Position first;
        try (Node node = start()) {
            first = get(node.hub.room("keys").publish("x", 1, List.of(), "k"));
            get(node.hub.room("keys").publish("x", 2, List.of(), "k2"));
        }
        Node node = start();
        assertThat(get(node.hub.room("keys").publish("x", 1, List.of(), "k"))).isEqualTo(first);
        assertThat(texts(get(node.hub.room("keys").history(null, 9)))).containsExactly("1", "2");
    }

    @Test
    void namesThatDatabasesMayConfuseAreDifferentRooms() {
        Node node = start();
        List<String> names = List.of("room", "Room", "room ", "röom", "ro\u00f6m", "o\u0308", "ö", "😀", "😁");
        names.forEach(name -> node.publish(name, name.length()));
        for (String name : names) {
            assertThat(texts(get(node.hub.room(name).history(null, 9)))).hasSize(1);
        }
    }

    @Test
    void moreThanAThousandMissedEventsAreNotRecovered() {
        Position first;
        Position second;
        try (Node node = start()) {
            first = node.publish("many", 0);
            second = node.publish("many", 1);
            List<CompletionStage<Position>> published = new ArrayList<>();
            for (int i = 2; i <= 1_001; i++) {
                published.add(node.hub.room("many").publish("x", i));
            }
            published.forEach(Node::get);
        }
        Node node = start();
        assertThat(node.join("many", first.toString(), 0).recovered()).isFalse();
        Visitor kim = node.join("many", second.toString(), 0);
        assertThat(kim.recovered()).isTrue();
        await().until(() -> kim.events().size() == 1_000);
    }

    @Test
    void nothingIsLostBetweenTheDatabaseAndTheLiveEvents() throws Exception {
        Node node = start();
        node.join("busy", null, 0);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        Thread publisher = new Thread(() -> {
            while (!stop.get()) {
                int number = published.incrementAndGet();
                node.hub.room("busy").publish("x", number);
                LockSupport.parkNanos(number % 10 == 0 ? 2_000_000 : 1);
            }
        });
        publisher.start();
        List<Visitor> clients = new ArrayList<>();
        await().until(() -> published.get() > 100);
        for (int i = 0; i < 10; i++) {
            int recently = published.get() - 60;
            clients.add(node.join("busy", null, 100));
            String epoch = clients.get(clients.size() - 1).hello().replaceAll(".*\"epoch\":\"([^\"]*)\".*", "$1");
            clients.add(node.join("busy", epoch + "." + recently, 100));
        }
        stop.set(true);
        publisher.join();
        int events = published.get();
        for (Visitor client : clients) {
            await().until(() -> client.events().contains(String.valueOf(events)));
            int next = Integer.parseInt(client.hello().replaceAll(".*\"position\":(\\d+).*", "$1")) + 1;
            for (String event : client.events()) {
                assertThat(event).as("%s %s", client.hello(), client.events()).isEqualTo(String.valueOf(next++));
            }
        }
    }

    @Test
    void clientsThatReturnAtOnceCostFewReadings() {
        Position first;
        try (Node node = start()) {
            first = node.publish("return", 0);
            for (int i = 1; i <= 50; i++) {
                node.publish("return", i);
            }
        }
        Node node = start();
        List<Visitor> clients = new ArrayList<>();
        List<CompletionStage<Void>> joining = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            Visitor client = new Visitor(node, Identity.ANONYMOUS);
            clients.add(client);
            String since = first.epoch() + "." + (1 + i % 40);
            joining.add(node.hub.room("return").join(client.client, Join.PLAIN.since(since)));
            LockSupport.parkNanos(1_000_000); // as they are admitted
        }
        joining.forEach(Node::get);
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertThat(clients).allMatch(Visitor::recovered);
        assertThat(node.history.readings())
                .as("each reading serves all that have come since the one before")
                .isLessThanOrEqualTo(2 + millis / 50);
        for (int i = 0; i < clients.size(); i += 100) {
            clients.get(i)
                    .receives(IntStream.rangeClosed(1 + i % 40, 50).boxed().toArray());
        }
    }

    @Test
    void oldEventsAreDeletedAndAreMissing() throws Exception {
        Position first;
        Position third;
        try (Node node = start()) {
            first = node.publish("old", 1);
            node.publish("old", 2);
            third = node.publish("old", 3);
            node.publish("old", 4);
        }
        Node node = start(config(Duration.ZERO, 2), 10);
        node.history.clean();
        assertThat(texts(get(node.hub.room("old").history(null, 9)))).containsExactly("3", "4");
        assertThat(node.join("old", first.toString(), 0).recovered()).isFalse();
        Visitor kim = node.join("old", third.toString(), 0);
        assertThat(kim.recovered()).isTrue();
        kim.receives(4);
        TimeUnit.MILLISECONDS.sleep(2); // the age below is one millisecond
        Node later = start(config(Duration.ofMillis(1), 0), 10);
        later.history.clean();
        assertThat(get(later.hub.room("old").history(null, 9)).events()).isEmpty();
        assertThat(later.join("old", third.toString(), 0).recovered()).isFalse();
    }

    @Test
    void eventsUsersAndRoomsAreDeleted() {
        Node node = start();
        Visitor kim = node.join("delete", null, 0, user("Kim"));
        Visitor lee = node.join("delete", null, 0, user("Kim "));
        get(kim.client.room("delete").publish("x", 1));
        Position second = get(lee.client.room("delete").publish("x", 2));
        get(kim.client.room("delete-2").publish("x", 3));
        node.publish("delete", 4);
        assertThat(get(node.hub.room("delete").delete(second))).isTrue();
        assertThat(get(node.hub.room("delete").delete(second))).isFalse();
        await().until(() -> kim.socket.data("deleted").size() == 1);
        assertThat(kim.socket.data("deleted").get(0))
                .startsWith("{\"room\":\"delete\",\"position\":\"" + second + "\"}");
        Position fifth = get(lee.client.room("delete").publish("x", 5));
        assertThat(get(node.hub.deleteEventsOf("Kim"))).isEqualTo(2);
        assertThat(texts(get(node.hub.room("delete").history(null, 9))).stream().filter(data -> !data.contains("room")))
                .containsExactly("4", "5");
        assertThat(get(node.hub.room("delete-2").history(null, 9)).events()).isEmpty();
        assertThat(node.join("delete", second.toString(), 0).recovered())
                .as("what was deleted is not missing")
                .isTrue();
        assertThat(get(node.hub.room("delete").deleteAll())).isPositive();
        assertThat(get(node.hub.room("delete").history(null, 9)).events()).isEmpty();
        assertThat(get(node.hub.room("delete").delete(fifth))).isFalse();
    }

    private void insertIntoOutbox(Node node, int from, int to) throws SQLException {
        try (Connection connection = node.history.database().connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO hubbub_outbox (id, room, name, data) VALUES (?, ?, ?, ?)")) {
                for (int i = from; i <= to; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, i % 2 == 0 ? "outbox" : "/\noutbox");
                    insert.setString(3, "x");
                    insert.setString(4, String.valueOf(i));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    private long rowsInOutbox(Node node) throws SQLException {
        try (Connection connection = node.history.database().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM hubbub_outbox")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Runnable relay(Node node) {
        return node.history.outboxRelay((room, name, json, key) ->
                node.hub.room(room.substring(room.indexOf('\n') + 1)).publish(name, Data.parse(json), List.of(), key));
    }

    @Test
    void theRowsOfTheOutboxArePublishedInOrderAndOnce() throws Exception {
        try (Node node = start()) {
            Visitor kim = node.join("outbox", null, 0);
            insertIntoOutbox(node, 1, 1_200);
            relay(node).run();
            kim.receives(IntStream.rangeClosed(1, 1_200).boxed().toArray());
            assertThat(rowsInOutbox(node)).isZero();
        }
        try (Node node = start()) {
            // As if the process had been killed before it deleted the rows.
            Visitor kim = node.join("outbox", null, 0);
            insertIntoOutbox(node, 1_199, 1_201);
            relay(node).run();
            kim.receives(1_201);
            assertThat(rowsInOutbox(node)).isZero();
        }
    }

    @Test
    void aRowThatCannotBePublishedStaysAndTheOthersAreNotAffected() throws Exception {
        Node node = start();
        Visitor kim = node.join("outbox-2", null, 0);
        try (Connection connection = node.history.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO hubbub_outbox (room, name, data) VALUES ('outbox-2', 'x', '{not json')");
            statement.execute("INSERT INTO hubbub_outbox (room, name, data) VALUES ('', 'x', '1')");
            statement.execute("INSERT INTO hubbub_outbox (room, name, data) VALUES ('outbox-2', 'x', '7')");
        }
        Runnable relay = relay(node);
        relay.run();
        relay.run();
        kim.receives(7);
        assertThat(rowsInOutbox(node)).isEqualTo(2);
        try (Connection connection = node.history.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM hubbub_outbox");
        }
    }

    private static Identity user(String name) {
        return new Identity(() -> name, Set.of(), null);
    }
}
