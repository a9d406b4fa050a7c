package dev.hubbub.history;

import static dev.hubbub.history.Node.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol;

/** Redis goes on while nodes restart, and several nodes share a database. */
class ClusterHistoryIT extends ClusterHistoryContract {
    // The restart of a node does not end an epoch, and Redis has the events of the last minutes: three tests have no
    // meaning here.

    @Override
    void aPositionBeyondTheEndOfAnEndedEpochIsItsEnd() {}

    @Override
    void moreThanAThousandMissedEventsAreNotRecovered() {}

    @Override
    void oldEventsAreDeletedAndAreMissing() {}

    private static List<Integer> numbers(Page page) {
        return page.events().stream()
                .map(event -> Integer.valueOf(event.data().json()))
                .toList();
    }

    private static List<Integer> everything(Node node, String room) {
        List<Integer> all = new ArrayList<>();
        Position before = null;
        boolean more = true;
        while (more) {
            Page page = get(node.hub.room(room).history(before, 100));
            all.addAll(0, numbers(page));
            more = page.more();
            before = page.events().get(0).position();
        }
        return all;
    }

    @Test
    void pagesAreSeamlessBetweenTheLogOfRedisAndTheDatabase() {
        Node a = start();
        Node b = start();
        Visitor kim = b.join("border", null, 0);
        Position early = null;
        List<CompletionStage<Position>> published = new ArrayList<>();
        for (int i = 1; i <= 2_500; i++) {
            Node node = i % 100 < 50 ? a : b;
            published.add(node.hub.room("border").publish("x", i));
            if (i % 50 == 49) {
                published.forEach(Node::get); // the other node goes on when this one has been acknowledged
            }
            if (i == 1_700) {
                early = get(published.get(i - 1));
            }
        }
        published.forEach(Node::get);
        kim.receives(IntStream.rangeClosed(1, 2_500).boxed().toArray());
        assertThat(everything(a, "border"))
                .isEqualTo(IntStream.rangeClosed(1, 2_500).boxed().toList());
        Visitor lee = a.join("border", early.toString(), 0);
        assertThat(lee.recovered()).isTrue();
        lee.receives(IntStream.rangeClosed(1_701, 2_500).boxed().toArray());
    }

    @Test
    void pagesHaveWhatAnOldDumpOfRedisDoesNotHave() throws Exception {
        Node a = start();
        for (int i = 1; i <= 150; i++) {
            get(a.hub.room("dump").publish("x", i));
        }
        redis.command(Protocol.Command.SAVE);
        for (int i = 151; i <= 300; i++) {
            get(a.hub.room("dump").publish("x", i));
        }
        redis.kill();
        redis.restart();
        for (int i = 301; i <= 420; i++) {
            get(a.hub.room("dump").publish("x", i));
        }
        assertThat(everything(a, "dump"))
                .isEqualTo(IntStream.rangeClosed(1, 420).boxed().toList());
    }

    @Test
    void nothingComesTwiceIfRedisComesBackWithTheSameDumpAgain() throws Exception {
        Node a = start();
        Visitor kim = a.join("again", null, 0);
        for (int i = 1; i <= 30; i++) {
            get(a.hub.room("again").publish("x", i));
            if (i == 10) {
                redis.command(Protocol.Command.SAVE);
            }
            if (i % 10 == 0) {
                redis.kill();
                redis.restart();
                get(a.hub.room("another").publish("x", 0)); // what is missing in the room has been read before
            }
        }
        kim.receives(IntStream.rangeClosed(1, 30).boxed().toArray());
    }

    @Test
    void whatRedisForgetsWhileNodesGoOnIsInTheHistory() throws Exception {
        Node a = start();
        Node b = start();
        Visitor kim = a.join("forgetful", null, 0);
        b.join("forgetful", null, 0);
        Position first = get(a.hub.room("forgetful").publish("x", 1, List.of(), "key-1"));
        Position second = b.publish("forgetful", 2);
        redis.kill();
        redis.restart();
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> b.publish("forgetful", 3) != null);
        assertThat(get(b.hub.room("forgetful").publish("x", 1, List.of(), "key-1")))
                .as("the event had been published")
                .isEqualTo(first);
        int last = numbers(get(a.hub.room("forgetful").history(null, 1))).get(0);
        await().until(() -> kim.events().contains(String.valueOf(last)));
        assertThat(kim.events()).startsWith("1", "2").doesNotHaveDuplicates();
        Visitor lee = a.join("forgetful", second.toString(), 0);
        assertThat(lee.recovered()).isTrue();
        await().until(() -> lee.events().equals(List.of(String.valueOf(last))));
        assertThat(everything(b, "forgetful")).containsExactly(1, 2, last);
    }

    @Test
    void anEventOfANodeThatDiedIsStoredWhenItIsSentAgain() throws Exception {
        Node survivor = start();
        Visitor kim = survivor.join("died", null, 0);
        get(survivor.hub.room("died").publish("x", 1));
        CompletionStage<Position> unanswered;
        try (Connection lock = postgres.getPostgresDatabase().getConnection();
                Connection other = postgres.getPostgresDatabase().getConnection()) {
            lock.setAutoCommit(false);
            execute(lock, "LOCK TABLE hubbub_event IN EXCLUSIVE MODE");
            try (Node dying = start()) {
                unanswered = dying.hub.room("died").publish("x", 2, List.of(), "again");
                kim.receives(1, 2);
                await().until(() -> waitsForTheLock(other));
            } // gives up storing it after some seconds
            assertThat(unanswered.toCompletableFuture()).isCompletedExceptionally();
            execute(other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
            await().until(() -> !waitsForTheLock(other));
            lock.rollback();
        }
        Position again = get(survivor.hub.room("died").publish("x", 2, List.of(), "again"));
        assertThat(again.number()).isEqualTo(2);
        redis.kill();
        redis.restart();
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(everything(survivor, "died")).containsExactly(1, 2));
        kim.receives(1, 2);
    }

    @Test
    void whoeverMayMissEventsThatAnotherNodeHasNotStoredIsNotRecovered() throws Exception {
        Node a = start();
        Node b = start();
        Visitor kim = a.join("pending", null, 0);
        Position first = a.publish("pending", 0);
        List<CompletionStage<Position>> published = new ArrayList<>();
        try (Connection lock = postgres.getPostgresDatabase().getConnection()) {
            lock.setAutoCommit(false);
            execute(lock, "LOCK TABLE hubbub_event IN EXCLUSIVE MODE");
            for (int i = 1; i <= 3_000; i++) {
                published.add(a.hub.room("pending").publish("x", i));
                if (i % 100 == 0) {
                    String last = String.valueOf(i); // small batches: the log forgets whole ones
                    await().until(() -> kim.events().contains(last));
                }
            }
            assertThat(b.join("pending", first.toString(), 0).recovered()).isFalse();
            lock.rollback();
        }
        published.forEach(Node::get);
        Position late = get(published.get(2_099));
        Visitor lee = b.join("pending", late.toString(), 0);
        assertThat(lee.recovered()).isTrue();
        lee.receives(IntStream.rangeClosed(2_101, 3_000).boxed().toArray());
    }

    /** As another node would, of which the messages of Redis have been lost. */
    private static CompletionStage<Void> store(JdbcHistory history, String room, Position position, int number) {
        Frame event = EventEncoder.event("x", number).at(position);
        return history.append(
                "/\n" + room,
                new Broker.StoredEvent(event, Set.of(), List.of(), System.currentTimeMillis()),
                Source.SERVER);
    }

    @Test
    void membersAreSentTheEndOfAnEpochThatAnotherNodeStoresLate() throws Exception {
        Node a = start();
        Node b = start();
        Visitor kim = a.join("late", null, 0);
        Position first = a.publish("late", 1);
        CompletionStage<Void> stored;
        CompletionStage<Position> next;
        try (Connection lock = postgres.getPostgresDatabase().getConnection();
                Connection watch = postgres.getPostgresDatabase().getConnection();
                JdbcHistory other = JdbcHistory.start(config(Duration.ofDays(30), 0), Thread::new)) {
            lock.setAutoCommit(false);
            execute(lock, "LOCK TABLE hubbub_event IN SHARE MODE"); // it can be read, but not changed
            stored = store(other, "late", new Position(first.epoch(), 2), 2);
            await().until(() -> waiting(watch, "INTO hubbub_event") == 1);
            redis.killAndForget();
            redis.restart();
            next = b.hub.room("late").publish("x", 3);
            await("the next epoch does not begin yet")
                    .until(() -> waiting(watch, "FROM hubbub_epoch") > 0
                            || kim.events().size() > 1);
            lock.rollback();
            get(stored);
            get(next);
        }
        kim.receives(1, 2, 3);
        Visitor lee = a.join("late", first.toString(), 0);
        assertThat(lee.recovered()).isTrue();
        lee.receives(2, 3);
    }

    @Test
    void whoJoinsWhereTheEndOfAnEpochHasNotBeenDeliveredYetGetsItOnce() throws Exception {
        Node a = start();
        Visitor kim = a.join("behind", null, 0);
        Position first = a.publish("behind", 1);
        try (JdbcHistory other = JdbcHistory.start(config(Duration.ofDays(30), 0), Thread::new)) {
            get(store(other, "behind", new Position(first.epoch(), 2), 2));
        }
        // As if Redis had lost its data, and other nodes had begun the next epoch: this one has heard of neither.
        String next = "x".repeat(11);
        redis.command(Protocol.Command.HSET, "test:m:/\nbehind", "e", next, "p", first.epoch(), "n", "0");
        Visitor lee = a.join("behind", first.toString(), 0);
        Visitor ann = a.join("behind", null, 1);
        assertThat(lee.recovered()).isTrue();
        assertThat(start().publish("behind", 3).toString()).isEqualTo(next + ".1");
        kim.receives(1, 2, 3);
        lee.receives(2, 3);
        ann.receives(2, 3);
    }

    @Test
    void nothingIsStoredInAnEpochThatHasEnded() throws Exception {
        Node a = start();
        Position first = a.publish("ended", 1);
        redis.killAndForget();
        redis.restart();
        a.publish("ended", 2);
        try (JdbcHistory other = JdbcHistory.start(config(Duration.ofDays(30), 0), Thread::new)) {
            assertThat(store(other, "ended", new Position(first.epoch(), 2), 3))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(History.EndedEpochException.class);
            get(store(other, "ended", first, 1)); // it is stored already
        }
        assertThat(everything(a, "ended")).containsExactly(1, 2);
    }

    /** How many connections wait for a lock, with a statement in which this occurs. */
    private static int waiting(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%" + text
                                + "%'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean waitsForTheLock(Connection connection) throws SQLException {
        return waiting(connection, "") > 0;
    }

    @Test
    void aDeletedEventIsGoneOnAllNodes() {
        Node a = start();
        Node b = start();
        Visitor kim = b.join("gone", null, 0);
        Position first = a.publish("gone", 1);
        Position second = a.publish("gone", 2);
        a.publish("gone", 3);
        assertThat(get(b.hub.room("gone").delete(second))).isTrue();
        assertThat(get(a.hub.room("gone").delete(second))).isFalse();
        await().until(() -> kim.socket.data("deleted").size() == 1);
        assertThat(numbersOf(get(a.hub.room("gone").history(null, 9)))).containsExactly("1", "3");
        Visitor lee = a.join("gone", first.toString(), 0);
        assertThat(lee.recovered()).isTrue();
        lee.receives(3);
    }

    private static List<String> numbersOf(Page page) {
        return page.events().stream()
                .filter(event -> event.name().equals("x"))
                .map(event -> event.data().json())
                .toList();
    }
}
