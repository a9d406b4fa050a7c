package dev.hubbub.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Position;
import dev.hubbub.client.Tools;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history in MariaDB, which Debian has as mariadb-server. */
class MariaDbHistoryIT extends HistoryContract {
    private static Process server;
    private static int port;

    @TempDir
    static Path folder;

    @BeforeAll
    static void startDatabase() throws Exception {
        Path install = Tools.need("MariaDB", "mariadb-install-db");
        Path daemon = Tools.need("MariaDB", "mariadbd", "../sbin/mariadbd");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        run(List.of(install.toString(), "--no-defaults", "--auth-root-authentication-method=normal"))
                .waitFor(60, TimeUnit.SECONDS);
        server = run(List.of(
                daemon.toString(),
                "--no-defaults",
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + folder.resolve("socket"),
                "--pid-file=" + folder.resolve("pid")));
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            try (Connection connection =
                    DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/?user=root")) {
                connection.createStatement().execute("CREATE DATABASE IF NOT EXISTS hubbub");
                return true;
            }
        });
    }

    private static Process run(List<String> command) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.add("--datadir=" + folder.resolve("data"));
        if (System.getProperty("user.name").equals("root")) {
            all.add("--user=root");
        }
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        if (server != null) {
            server.destroy();
            server.waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void nothingIsStoredInAnEpochThatHasEnded() {
        JdbcHistory.Config shared =
                new JdbcHistory.Config(url(), true, "*", Duration.ofDays(1), 0, Duration.ofSeconds(5), 1 << 20, true);
        try (JdbcHistory a = JdbcHistory.start(shared, Thread::new);
                JdbcHistory b = JdbcHistory.start(shared, Thread::new)) {
            Node.get(a.begin("/\nended", null, "AAAAAAAAAAA"));
            List<CompletionStage<Void>> both = new ArrayList<>();
            for (int i = 1; i <= 500; i++) {
                both.add(append(a, 2 * i));
                both.add(append(b, 2 * i + 1));
            }
            both.forEach(Node::get);
            Node.get(b.begin("/\nended", "AAAAAAAAAAA", "BBBBBBBBBBB"));
            assertThat(append(a, 1_002))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(History.EndedEpochException.class);
            Node.get(append(a, 1_000)); // it is stored already
        }
    }

    private static CompletionStage<Void> append(JdbcHistory history, int number) {
        Frame event = EventEncoder.event("x", number).at(new Position("AAAAAAAAAAA", number));
        return history.append("/\nended", new Broker.StoredEvent(event, Set.of(), List.of(), 1), Source.SERVER);
    }

    @Override
    String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/hubbub?user=root";
    }
}
