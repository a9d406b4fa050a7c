package dev.hubbub.history;

import static dev.hubbub.history.Node.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.client.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong in a database that answers; the faults are PostgreSQL's own. */
class DatabaseFaultsIT {
    private static final String SLOW_COMMITS = """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON hubbub_event
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()
            """;

    /** What PostgreSQL answers when it cannot extend a file. */
    private static final String FULL_DISK = """
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON hubbub_event FOR EACH ROW EXECUTE FUNCTION full_disk()
            """;

    @TempDir
    private static Path folder;

    private static final Logger LOGGER = Logger.getLogger("dev.hubbub");

    private static PostgresServer postgres;

    private final List<Node> nodes = new ArrayList<>();
    private Level level;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line.getLevel() + " " + new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void startDatabase() throws Exception {
        postgres = new PostgresServer(folder);
        try (Connection connection = postgres.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SCHEMA public OWNER TO hubbub");
        }
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void record() throws SQLException {
        execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        level = LOGGER.getLevel();
        LOGGER.addHandler(recorder);
        LOGGER.setUseParentHandlers(false);
        LOGGER.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        nodes.forEach(Node::close);
        LOGGER.removeHandler(recorder);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(level);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<Long> numbers() throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT number FROM hubbub_event ORDER BY number")) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    private Node start(boolean create) {
        Node node = new Node(
                new JdbcHistory.Config(
                        postgres.url(),
                        create,
                        "durable*",
                        Duration.ofDays(30),
                        0,
                        Duration.ofMillis(500),
                        1 << 20,
                        false),
                10);
        nodes.add(node);
        return node;
    }

    private static CompletableFuture<Position> publish(Node node, Object data) {
        return node.hub.room("durable").publish("x", data).toCompletableFuture();
    }

    @Test
    void aSlowCommitDelaysTheAcknowledgementAndNothingElse() throws Exception {
        Node node = start(true);
        Visitor kim = node.join("durable", null, 0);
        Visitor lee = node.join("memory", null, 0);
        get(publish(node, 1));
        execute(SLOW_COMMITS);
        CompletableFuture<Position> slow = publish(node, 2);
        kim.receives(1, 2);
        // Until a commit has taken longer than events wait; then nothing is published in vain.
        await().until(() -> {
            try {
                node.history.requireAccepts(1);
                return false;
            } catch (EventException unavailable) {
                return unavailable.code().equals("unavailable");
            }
        });
        assertThat(slow).isNotDone();
        assertThatThrownBy(() -> publish(node, 3)).extracting("code").isEqualTo("unavailable");
        node.publish("memory", 4);
        lee.receives(4);
        assertThat(get(slow).number()).isEqualTo(2);
        kim.receives(1, 2);
        execute("DROP TRIGGER slow ON hubbub_event");
        assertThat(get(publish(node, 5)).number()).isEqualTo(3);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aConnectionThatIsKilledInTheMiddleOfACommitLosesNothingAndDoublesNothing() throws Exception {
        Node node = start(true);
        get(publish(node, 1));
        execute(SLOW_COMMITS);
        CompletableFuture<Position> second = publish(node, 2);
        await().until(this::killCommit);
        execute("DROP TRIGGER slow ON hubbub_event");
        assertThat(get(second).number()).isEqualTo(2);
        assertThat(numbers()).containsExactly(1L, 2L);
        assertThat(log).anyMatch(line -> line.contains("The history stores events again"));
    }

    /** @return whether a session was committing */
    private boolean killCommit() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE query = 'COMMIT' AND state = 'active'")) {
            return rows.next();
        }
    }

    /** A fault that lasts until somebody mends it, as an operator does who reads the log. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FULL_DISK                                           | DROP TRIGGER full_disk ON hubbub_event          | No space left on device
            ALTER TABLE hubbub_event RENAME TO gone             | ALTER TABLE gone RENAME TO hubbub_event         | relation "hubbub_event" does not exist
            ALTER TABLE hubbub_event RENAME body TO gone        | ALTER TABLE hubbub_event RENAME gone TO body    | column "body" of relation "hubbub_event" does not exist
            REVOKE INSERT ON hubbub_event FROM hubbub           | GRANT INSERT ON hubbub_event TO hubbub          | permission denied for table hubbub_event
            """)
    void eventsWaitUntilAFaultIsMended(String fault, String mending, String message) throws Exception {
        Node node = start(true);
        Visitor kim = node.join("durable", null, 0);
        get(publish(node, 1));
        execute(fault.equals("FULL_DISK") ? FULL_DISK : fault);
        CompletableFuture<Position> waiting = publish(node, 2);
        kim.receives(1, 2);
        await().until(() -> node.history.failure() != null);
        assertThat(node.history.failure()).contains(message);
        assertThat(log)
                .anyMatch(line -> line.startsWith("SEVERE The history cannot store events in jdbc:postgresql:")
                        && line.contains(message)
                        && !line.contains("secret"));
        await().until(() -> {
            try {
                node.history.requireAccepts(1);
                return false;
            } catch (EventException unavailable) {
                return true;
            }
        });
        assertThatThrownBy(() -> publish(node, 3)).extracting("code").isEqualTo("unavailable");
        assertThat(waiting).isNotDone();
        execute(mending);
        assertThat(get(waiting).number()).isEqualTo(2);
        assertThat(get(publish(node, 4)).number()).isEqualTo(3);
        kim.receives(1, 2, 4);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
        assertThat(log.stream().filter(line -> line.startsWith("SEVERE"))).hasSize(1);
    }

    @Test
    void tablesThatMayNotBeReadPreventTheStart() throws Exception {
        start(true);
        execute("REVOKE SELECT ON hubbub_event FROM hubbub");
        assertThatThrownBy(() -> start(true))
                .hasMessageContaining("may not be read")
                .hasMessageContaining("permission denied");
    }

    @Test
    void tablesThatMayNotBeCreatedPreventTheStartOnlyIfTheyAreMissing() throws Exception {
        execute("REVOKE CREATE ON SCHEMA public FROM hubbub");
        assertThatThrownBy(() -> start(true))
                .hasMessageContaining("The tables cannot be created")
                .hasMessageContaining("permission denied");
        execute("GRANT CREATE ON SCHEMA public TO hubbub");
        start(true);
        execute("REVOKE CREATE ON SCHEMA public FROM hubbub");
        Node node = start(true);
        assertThat(get(publish(node, 1)).number()).isEqualTo(1);
    }

    @Test
    void aDatabaseThatConfirmsCommitsBeforeTheyAreWrittenIsWarnedOf() throws Exception {
        start(true);
        assertThat(log).noneMatch(line -> line.startsWith("WARNING"));
        execute("ALTER ROLE hubbub SET synchronous_commit = off");
        try {
            start(true);
        } finally {
            execute("ALTER ROLE hubbub RESET synchronous_commit");
        }
        assertThat(log)
                .anyMatch(
                        line -> line.startsWith("WARNING") && line.contains("acknowledged events: synchronous_commit"));
    }

    @Test
    void aClockThatWasWrongChangesNeitherTheOrderNorWhatIsRecovered() throws Exception {
        Position first;
        try (Node node = start(true)) {
            first = get(publish(node, 1));
            get(publish(node, 2));
            get(publish(node, 3));
        }
        long year = Duration.ofDays(365).toMillis();
        execute("UPDATE hubbub_event SET at = at + " + year + " WHERE number = 2");
        Node node = start(true);
        get(publish(node, 4));
        node.history.clean();
        Visitor kim = node.join("durable", first.toString(), 0);
        assertThat(kim.recovered()).isTrue();
        kim.receives(2, 3, 4);
        assertThat(get(node.hub.room("durable").history(null, 9)).events().stream()
                        .map(event -> event.data().json()))
                .containsExactly("1", "2", "3", "4");
        execute("UPDATE hubbub_event SET at = at - " + 2 * year + " WHERE number = 2");
        node.history.clean();
        assertThat(get(node.hub.room("durable").history(null, 9)).events())
                .as("an old event behind a younger one stays, for a gap would be hidden otherwise")
                .hasSize(4);
    }
}
