package dev.hubbub.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis of its own for a test: the redis-server of this machine. */
public final class RedisServer implements AutoCloseable {
    private final int port;
    /** Null for none. */
    private final Path configuration;

    private final Path directory;
    private final List<String> options;
    private Process process;

    private RedisServer(int port, Path configuration, List<String> options) throws IOException {
        this.port = port;
        this.configuration = configuration;
        this.options = options;
        directory = Files.createTempDirectory("hubbub-redis");
    }

    /** Starts one; the test is skipped where there is none, unless tests may not be skipped. */
    public static RedisServer start(String... options) {
        return start(null, options);
    }

    /** As {@link #start(String...)}, with a configuration file, before which the options take precedence. */
    static RedisServer start(Path configuration, String... options) {
        if (!isInstalled() && !Boolean.getBoolean("hubbub.test.required")) {
            Assumptions.abort("There is no redis-server on this machine");
        }
        try {
            RedisServer server = new RedisServer(freePort(), configuration, List.of(options));
            server.restart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static boolean isInstalled() {
        for (String path : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(path, "redis-server"))) {
                return true;
            }
        }
        return false;
    }

    /** Starts it again after {@link #kill}. */
    public void restart() throws IOException {
        List<String> command = new ArrayList<>(List.of("redis-server"));
        if (configuration != null) {
            command.add(configuration.toString());
        }
        command.addAll(List.of(
                "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try (Connection connection = new Connection("127.0.0.1", port)) {
                connection.sendCommand(Command.PING);
                connection.getOne();
                return;
            } catch (JedisException notYet) {
                if (notYet.getMessage() != null && notYet.getMessage().startsWith("NOAUTH")) {
                    return;
                }
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException("redis-server does not start: " + log());
                }
                Thread.onSpinWait();
            }
        }
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Sends a command by a connection of its own and returns the reply. */
    public Object command(Command command, String... arguments) {
        try (Connection connection = new Connection("127.0.0.1", port)) {
            connection.sendCommand(command, arguments);
            return connection.getOne();
        }
    }

    /** All other connections, of this kind, are closed by the server. */
    void cut(String type) {
        command(Command.CLIENT, "KILL", "TYPE", type, "SKIPME", "yes");
    }

    /** {@code STOP}, {@code CONT} or {@code KILL}. */
    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it as kill -9 does. What it had not written to a disk is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Kills it, and it will be empty when it comes back, whatever it has saved. */
    public void killAndForget() throws IOException, InterruptedException {
        kill();
        Files.deleteIfExists(directory.resolve("dump.rdb"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (var files = Files.walk(directory)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
