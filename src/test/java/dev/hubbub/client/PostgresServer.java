package dev.hubbub.client;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server with the database, the user and the password of the samples in {@code server-config}. */
public final class PostgresServer implements AutoCloseable {
    private final Path data;
    private final boolean durable;
    private EmbeddedPostgres server;
    private final int port;

    /** Starts it. @param folder an empty folder */
    public PostgresServer(Path folder) throws IOException, SQLException {
        this(folder, false);
    }

    /**
     * Starts it.
     *
     * @param durable whether commits survive a crash of the machine, and take as long as in real life
     */
    public PostgresServer(Path folder, boolean durable) throws IOException, SQLException {
        this.durable = durable;
        data = folder.resolve("postgres");
        server = builder().start();
        port = server.getPort();
        try (Connection connection = DriverManager.getConnection(administrator("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE hubbub LOGIN PASSWORD 'secret'");
            statement.execute("CREATE DATABASE hubbub OWNER hubbub");
        }
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // As everywhere but in this library: a commit is written before it is confirmed.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", Boolean.toString(durable))
                .setPGStartupWait(Duration.ofSeconds(60));
    }

    /** The jar of its JDBC driver. */
    public static Path driver() {
        return Path.of(org.postgresql.Driver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    public int port() {
        return port;
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/hubbub?user=hubbub&password=secret";
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    public Connection connectAsAdministrator() throws SQLException {
        return DriverManager.getConnection(administrator("hubbub"));
    }

    private String administrator(String database) {
        return server.getJdbcUrl("postgres", database);
    }

    /** Kills all of its processes with SIGKILL. */
    public void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        List<ProcessHandle> processes = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(postmaster -> {
            processes.add(postmaster);
            processes.addAll(postmaster.descendants().toList());
        });
        processes.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(30)).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
        server.close(); // releases its lock on the folder
    }

    /** Starts it again on the same port, after {@link #kill}. */
    public void startAgain() throws IOException {
        server = builder().setPort(port).start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
