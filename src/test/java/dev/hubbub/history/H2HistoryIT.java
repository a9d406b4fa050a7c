package dev.hubbub.history;

import static dev.hubbub.history.Node.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history in H2, and what happens when a database fails. */
class H2HistoryIT extends HistoryContract {
    @TempDir
    Path folder;

    @Override
    String url() {
        return "jdbc:h2:file:" + folder.resolve("hubbub");
    }

    private JdbcHistory.Config config(String url, boolean create, String rooms) {
        return new JdbcHistory.Config(
                url, create, rooms, Duration.ofDays(30), 0, Duration.ofMillis(500), 1 << 20, false);
    }

    private Server server(String port) throws Exception {
        return Server.createTcpServer("-tcpPort", port, "-baseDir", folder.toString(), "-ifNotExists")
                .start();
    }

    @Test
    void commitsAreWrittenAtOnce() throws Exception {
        Node node = start();
        node.publish("a", 1);
        try (Connection connection = node.history.database().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                        + " WHERE SETTING_NAME = 'WRITE_DELAY'")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void aPageIsReadWithoutSortingAllEventsOfTheRoom() throws Exception {
        Node node = start();
        node.publish("a", 1);
        try (Connection connection = node.history.database().connect();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + RoomReads.query(50))) {
            explain.setLong(1, 1);
            explain.setLong(2, 0);
            explain.setLong(3, 1_000);
            try (ResultSet rows = explain.executeQuery()) {
                rows.next();
                assertThat(rows.getString(1)).contains("/* index sorted */");
            }
        }
    }

    @Test
    void onlyRoomsThatThePatternsNameAreStored() throws Exception {
        try (Node node = start(config(url(), true, "lobby, order-*"), 10)) {
            node.publish("lobby", 1);
            node.publish("order-7", 1);
            node.publish("other", 1);
        }
        Node node = start();
        assertThat(get(node.hub.room("lobby").history(null, 9)).events()).hasSize(1);
        assertThat(get(node.hub.room("order-7").history(null, 9)).events()).hasSize(1);
        assertThat(get(node.hub.room("other").history(null, 9)).events()).isEmpty();
    }

    @Test
    void missingTablesPreventTheStartAndTheMessageNamesTheScript() {
        assertThatThrownBy(() -> start(config(url(), false, "*"), 10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("hubbub_epoch")
                .hasMessageContaining("dev/hubbub/history/h2.sql");
        assertThatThrownBy(() -> start(config("jdbc:nobody:x?password=secret", false, "*"), 10))
                .hasMessageContaining("no JDBC driver for jdbc:nobody:x")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> start(config("jdbc/missing", false, "*"), 10))
                .hasMessageContaining("no DataSource jdbc/missing");
    }

    @Test
    void tablesOfAnotherVersionPreventTheStart() throws Exception {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE hubbub_event (epoch_id BIGINT)");
        }
        assertThatThrownBy(() -> start(config(url(), true, "*"), 10)).hasMessageContaining("has other columns");
    }

    @Test
    void whileTheDatabaseIsAwayEventsWaitAndThenRoomsAreUnavailable() throws Exception {
        Server server = server("0");
        String port = String.valueOf(server.getPort());
        Node node = start(config("jdbc:h2:tcp://127.0.0.1:" + port + "/./away", true, "durable*"), 10);
        Visitor kim = node.join("durable", null, 0);
        Visitor lee = node.join("memory", null, 0);
        Position first = node.publish("durable", 1);
        server.stop();
        CompletableFuture<Position> waiting =
                node.hub.room("durable").publish("x", 2).toCompletableFuture();
        kim.client.emit("sign", 1);
        await().until(() -> kim.socket.data("x").size() == 2); // delivered, but not acknowledged
        assertThat(waiting).isNotDone();
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> node.hub.room("durable").publish("x", 3))
                                .isInstanceOf(EventException.class)
                                .extracting("code")
                                .isEqualTo("unavailable"));
        assertThat(node.history.failure()).isNotNull();
        int delivered = kim.socket.data("x").size();
        node.publish("memory", 4);
        await().until(() -> lee.socket.data("x").size() == 1);
        CompletableFuture<Void> joining =
                node.hub.room("durable-2").join(lee.client).toCompletableFuture();
        await().until(() -> {
            node.history.expire();
            return joining.isCompletedExceptionally();
        });
        assertThat(kim.socket.data("x")).as("nothing unavailable was published").hasSize(delivered);
        Server again = server(port);
        try {
            Position second = waiting.get(20, TimeUnit.SECONDS);
            assertThat(second).isEqualTo(new Position(first.epoch(), 2));
            await().until(() -> node.history.failure() == null);
            node.publish("durable", 5);
            get(node.hub.room("durable-2").join(lee.client));
            assertThat(get(node.hub.room("durable").history(null, 1_000)).events().stream()
                            .map(event -> event.data().json()))
                    .startsWith("1", "2")
                    .endsWith("5");
        } finally {
            node.close();
            again.stop();
        }
    }

    @Test
    void aDatabaseThatIsAwayAtTheStartIsUsedWhenItComes() throws Exception {
        Server first = server("0");
        String port = String.valueOf(first.getPort());
        first.stop();
        Node node = start(config("jdbc:h2:tcp://127.0.0.1:" + port + "/./late", true, "*"), 10);
        CompletableFuture<Position> early = node.hub.room("a").publish("x", 1).toCompletableFuture();
        await().until(() -> {
            node.history.expire();
            return early.isCompletedExceptionally();
        });
        Server server = server(port);
        try {
            await().ignoreExceptions().untilAsserted(() -> node.publish("a", 2));
            assertThat(get(node.hub.room("a").history(null, 9)).events()).isNotEmpty();
        } finally {
            node.close();
            server.stop();
        }
    }

    @Test
    void anEventThatTheTableDoesNotTakeIsRejectedBeforeItIsPublished() throws Exception {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE hubbub_event (epoch_id BIGINT NOT NULL, number BIGINT NOT NULL,"
                    + " at BIGINT NOT NULL, sender VARCHAR(255), idem_key VARCHAR(128), except_ids VARCHAR(2000),"
                    + " elsewhere VARCHAR(2000), body VARBINARY(100) NOT NULL, PRIMARY KEY (epoch_id, number))");
        }
        Node node = start();
        node.publish("a", 1);
        assertThatThrownBy(() -> node.publish("a", "x".repeat(100)))
                .extracting("code")
                .isEqualTo("too-large");
        assertThat(node.publish("a", 2).number()).isEqualTo(2);
    }
}
