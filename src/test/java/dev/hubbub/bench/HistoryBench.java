package dev.hubbub.bench;

import dev.hubbub.Position;
import dev.hubbub.client.PostgresServer;
import dev.hubbub.history.JdbcHistory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures the history, as a part of {@code mvn -Pbench verify}: how many events per second are acknowledged, after how long, and
 * what a page of earlier events costs. The rows of rooms that are not stored show what the history adds.
 */
public final class HistoryBench {
    private static final String WAR = System.getProperty("hubbub.war", "target/hubbub.war");
    private static final int PUBLISHERS = 50;
    private static final int WINDOW = 20;
    private static final int PAGE = 50;
    private static final int PAGES = 2_000;
    private static final int BATCH = 10_000;
    private static final String EPOCH = "AAAAAAAAAAA";
    private static final String ROOM = "/\npages";

    private final Duration duration = Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));
    private final PrintStream out = System.out;
    private final Path folder;

    private HistoryBench(Path folder) {
        this.folder = folder;
    }

    /** The parameters: the databases, {@code postgresql} and {@code h2} separated by commas, and the events to read pages from. */
    public static void main(String... parameters) throws Exception {
        for (String database : parameters[0].split(",")) {
            Path folder = Files.createTempDirectory("hubbub-bench");
            try {
                new HistoryBench(folder).measure(database, Integer.parseInt(parameters[1]));
            } finally {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void measure(String database, int events) throws Exception {
        switch (database) {
            case "postgresql" -> {
                try (PostgresServer postgres = new PostgresServer(folder, true)) {
                    measure("PostgreSQL", postgres.url(), events);
                }
            }
            case "h2" -> measure("H2", "jdbc:h2:file:" + folder.resolve("hubbub"), events);
            case "none" -> out.println("The history is not measured");
            default -> throw new IllegalArgumentException("There is no database " + database);
        }
    }

    private void measure(String name, String url, int events) throws Exception {
        out.printf("%nThe history in %s%n", name);
        out.printf(
                "%-34s %14s %17s %10s %10s%n",
                "rooms of " + PUBLISHERS + " publishers", "events/s", "CPU us per event", "p50 us", "p99 us");
        List<String> options = List.of(
                "-Dhubbub.history=" + url,
                "-Dhubbub.history-create=true",
                "-Dhubbub.history-rooms=stored*",
                "-Dhubbub.events-per-second=0",
                "--handlers",
                PostgresServer.driver().toString());
        try (Server server = Server.start("hubbub", WAR, options)) {
            for (String rooms : List.of("memory", "stored")) {
                try (Acknowledgements load = new Acknowledgements(PUBLISHERS, rooms)) {
                    load.join(server.url);
                    load.run(duration, 0, WINDOW, server); // warms up
                    print(rooms + ", 5,000 events/s", load.run(duration, 5_000, WINDOW, server));
                    print(rooms + ", as many as possible", load.run(duration, 0, WINDOW, server));
                }
            }
        }
        measurePages(url, events);
    }

    private void print(String rooms, Acknowledgements.Result result) {
        out.printf(
                "%-34s %14.0f %17.1f %10.0f %10.0f%n",
                rooms, result.perSecond(), result.cpu(), result.p50(), result.p99());
    }

    private void measurePages(String url, int events) throws Exception {
        JdbcHistory history = JdbcHistory.start(
                new JdbcHistory.Config(url, true, "*", Duration.ZERO, 0, Duration.ofSeconds(5), 1 << 20, false),
                Thread::new);
        try {
            history.begin(ROOM, null, EPOCH).toCompletableFuture().join();
            fill(url, events);
            Random random = new Random(1);
            Histogram histogram = new Histogram();
            for (int i = -PAGES; i < PAGES; i++) {
                Position before = new Position(EPOCH, PAGE + 1 + random.nextInt(Math.max(1, events - PAGE)));
                long start = System.nanoTime();
                int found = history.before(ROOM, before, null, PAGE)
                        .toCompletableFuture()
                        .join()
                        .events()
                        .size();
                if (found != PAGE) {
                    throw new IllegalStateException("A page has " + found + " events");
                }
                if (i >= 0) { // those before warm up
                    histogram.add(System.nanoTime() - start);
                }
            }
            out.printf(
                    "%-34s %14s %17s %10.0f %10.0f%n",
                    "a page of " + PAGE + " from " + events,
                    "",
                    "",
                    histogram.percentile(0.5),
                    histogram.percentile(0.99));
        } finally {
            history.close();
        }
    }

    private static void fill(String url, int events) throws SQLException {
        byte[] body = ("{\"name\":\"message\",\"data\":{\"room\":\"pages\",\"text\":\"" + "x".repeat(60) + "\"}}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO hubbub_event (epoch_id, number, at, body)"
                                + " SELECT id, ?, 1, ? FROM hubbub_epoch WHERE epoch = '" + EPOCH + "'")) {
            connection.setAutoCommit(false);
            for (int number = 1; number <= events; number++) {
                insert.setLong(1, number);
                insert.setBytes(2, body);
                insert.addBatch();
                if (number % BATCH == 0 || number == events) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
    }
}
