package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An application server as its distribution is unpacked, in its own process and folder. It has the configuration in {@code
 * server-config}, listens on loopback, and deploys files.
 */
abstract class ServerProcess implements AutoCloseable {
    /** The folder into which the build unpacks the servers. */
    static final Path SERVERS =
            Path.of(System.getProperty("hubbub.servers", "target/servers")).toAbsolutePath();

    static final Path CONFIG = Path.of("server-config").toAbsolutePath();

    /** The first Java version with virtual threads, which some servers then use. */
    static final int VIRTUAL_THREADS = 21;

    static final Duration TIMEOUT = Duration.ofSeconds(90);

    final List<String> output = new CopyOnWriteArrayList<>();
    final Path base;
    final int port;
    private Process process;

    /** The port of the PostgreSQL server that the data source uses; 0 for no data source. */
    private int database;

    /** @param base an empty folder */
    ServerProcess(Path base) throws IOException {
        this.base = base.toAbsolutePath();
        this.port = freePort();
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Must be called before the start. @param postgres the port of the database for the data source in server-config */
    final void useDatabase(int postgres) {
        database = postgres;
    }

    final boolean hasDatabase() {
        return database != 0;
    }

    /** The value of hubbub.history. */
    String dataSourceName() {
        return "jdbc/hubbub";
    }

    /** Writes the data source in server-config, with the port of the test's database, into a file. */
    final Path copyDataSource(String sample, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(CONFIG.resolve(sample), to);
        replace(to, "5432", Integer.toString(database));
        return to;
    }

    /** The jar from which the tests have a class. */
    static Path jarOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    static void copyJar(Class<?> type, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(jarOf(type), folder.resolve(jarOf(type).getFileName()));
    }

    /** Configures the server, with hubbub.trusted-proxies set as server-config shows, and starts it. */
    abstract void start() throws IOException, InterruptedException;

    /** The folder in which the server looks for applications, or null if they are given at start-up. */
    abstract Path deployments();

    /** The folder of the access logs, or null if there are none. */
    abstract Path accessLogs();

    /** The HTTPS URL of an application, or null without TLS. */
    abstract URI secureUrl(String context);

    /** Stops the server as an operator does. */
    abstract void shutDown() throws IOException, InterruptedException;

    /** The URL of an application. @param context the context path, "" for the root application */
    final URI url(String context) {
        return URI.create("http://127.0.0.1:" + port + context + "/");
    }

    final URI events(String context) {
        return URI.create("ws://127.0.0.1:" + port + context + "/events");
    }

    /** Deploys the WAR with this name and waits until it answers. */
    final void deploy(Path war, String name) throws IOException {
        Path part = base.resolve(name + ".part");
        Files.copy(war, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, deployments().resolve(name + ".war")); // atomically
        awaitAnswer(name, 200);
    }

    /**
     * Deploys and undeploys the WAR ten times. Each time a connected client is notified, and an event stream is open.
     */
    final void redeployTenTimes(Path war, String name) throws IOException {
        String context = "/" + name;
        for (int i = 0; i < 10; i++) {
            deploy(war, name);
            try (EventClient kim = EventClient.connect(events(context))) {
                kim.join("lobby");
                assertThat(HandshakeProbe.request(url(context), "GET", "events/sse?room=lobby", "")
                                .status())
                        .isEqualTo(200);
                undeploy(name);
                kim.next("restart");
                kim.awaitClose(1012);
            }
        }
    }

    void undeploy(String name) throws IOException {
        Files.delete(deployments().resolve(name + ".war"));
        awaitAnswer(name, 404);
    }

    /** Requests a static file: without a root application, Payara serves its own {@code /health}. */
    final void awaitAnswer(String name, int status) {
        String context = name.equals("ROOT") ? "" : "/" + name.replaceAll("##.*", "");
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(HandshakeProbe.request(url(context), "GET", "hubbub.js", "")
                                .status())
                        .as(this::lastOutput)
                        .isEqualTo(status));
    }

    final void run(Map<String, String> environment, Path folder, String... command) throws IOException {
        process = builder(environment, folder, command).start();
        Thread reader = new Thread(() -> read(process), "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs a command to its end. */
    final void call(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Process called = builder(environment, base, command).start();
        read(called);
        assertThat(called.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(called.exitValue())
                .as("%s: %s", List.of(command), String.join("\n", output))
                .isZero();
    }

    private static ProcessBuilder builder(Map<String, String> environment, Path folder, String... command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void read(Process from) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add(e.toString());
        }
    }

    final void awaitOutput(String text) {
        await().atMost(TIMEOUT).until(() -> has(text));
    }

    private String lastOutput() {
        synchronized (output) {
            return String.join("\n", output.subList(Math.max(0, output.size() - 100), output.size()));
        }
    }

    final boolean has(String text) {
        synchronized (output) {
            return output.stream().anyMatch(line -> line.contains(text));
        }
    }

    /** The process id of the JVM, which may be a child of the start script. */
    long pid() throws IOException {
        return Stream.concat(
                        Stream.of(process.toHandle()), process.descendants().sorted(Collections.reverseOrder()))
                .filter(one -> one.info().command().orElse("").endsWith("/java"))
                .mapToLong(ProcessHandle::pid)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** The output of {@code jcmd}. */
    final String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        try (InputStream out = jcmd.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(jcmd.waitFor()).as(text).isZero();
            return text;
        }
    }

    /** The number of Hubbub classes in memory, one per class loader. */
    final long loadedApplications() throws IOException, InterruptedException {
        return jcmd("GC.class_histogram")
                .lines()
                .filter(line -> line.matches(".* dev\\.hubbub\\.app\\.Hubbub( \\(.*)?"))
                .count();
    }

    /** Replaces a text in a configuration file. */
    static void replace(Path file, String before, String after) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    static void copyFolder(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Sends SIGTERM. */
    final void terminate() throws IOException, InterruptedException {
        ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
        assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Ends all processes of the server. */
    @Override
    public void close() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroy();
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
