package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An application server as one unpacks it, in a process and with a folder of its own: configured by what {@code
 * server-config} has for it, deployed to by files, on loopback.
 */
abstract class ServerProcess implements AutoCloseable {
    /** Where the build has unpacked the servers. */
    static final Path SERVERS =
            Path.of(System.getProperty("hubbub.servers", "target/servers")).toAbsolutePath();

    static final Path CONFIG = Path.of("server-config").toAbsolutePath();

    /** The Java from which on the servers that can have virtual threads do. */
    static final int VIRTUAL_THREADS = 21;

    static final Duration PATIENCE = Duration.ofSeconds(90);

    final List<String> output = Collections.synchronizedList(new ArrayList<>());
    final Path base;
    final int port;
    private Process process;

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

    /** Configures it, with the setting of hubbub.trusted-proxies that server-config shows, and starts it. */
    abstract void start() throws IOException, InterruptedException;

    /** Where the server looks for applications, or null if it is told of them when it starts. */
    abstract Path deployments();

    /** The folder of its access logs, or null if it writes none. */
    abstract Path accessLogs();

    /** Where its TLS is, or null if it has none. */
    abstract URI secureUrl(String context);

    /** Stops it as its operators do. */
    abstract void shutDown() throws IOException, InterruptedException;

    /** Where an application is; with its context path, "" for the root. */
    final URI url(String context) {
        return URI.create("http://127.0.0.1:" + port + context + "/");
    }

    final URI events(String context) {
        return URI.create("ws://127.0.0.1:" + port + context + "/events");
    }

    /** Deploys the WAR under this name, and waits for it. */
    final void deploy(Path war, String name) throws IOException {
        Path part = base.resolve(name + ".part");
        Files.copy(war, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, deployments().resolve(name + ".war")); // all of it at once
        awaitAnswer(name, 200);
    }

    void undeploy(String name) throws IOException {
        Files.delete(deployments().resolve(name + ".war"));
        awaitAnswer(name, 404);
    }

    /** By a file of its page: while nothing is at the root, Payara has a {@code /health} of its own there. */
    final void awaitAnswer(String name, int status) {
        String context = name.equals("ROOT") ? "" : "/" + name.replaceAll("##.*", "");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> HandshakeProbe.request(url(context), "GET", "hubbub.js", "")
                                .status()
                        == status);
    }

    final void run(Map<String, String> environment, Path folder, String... command) throws IOException {
        process = builder(environment, folder, command).start();
        Thread reader = new Thread(() -> read(process), "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Has a command run to its end. */
    final void call(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Process called = builder(environment, base, command).start();
        read(called);
        assertThat(called.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
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
        await().atMost(PATIENCE).until(() -> has(text));
    }

    final boolean has(String text) {
        synchronized (output) {
            return output.stream().anyMatch(line -> line.contains(text));
        }
    }

    /** Of the JVM, which may be a child of the script that starts it. */
    long pid() throws IOException {
        return Stream.concat(
                        Stream.of(process.toHandle()), process.descendants().sorted(Collections.reverseOrder()))
                .filter(one -> one.info().command().orElse("").endsWith("/java"))
                .mapToLong(ProcessHandle::pid)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** What {@code jcmd} says. */
    final String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        try (InputStream answer = jcmd.getInputStream()) {
            String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(jcmd.waitFor()).as(text).isZero();
            return text;
        }
    }

    /** How many Hubbubs are in its memory, each by a class loader of its own. */
    final long loaded() throws IOException, InterruptedException {
        return jcmd("GC.class_histogram")
                .lines()
                .filter(line -> line.matches(".* dev\\.hubbub\\.app\\.Hubbub( \\(.*)?"))
                .count();
    }

    /** Changes a text in a file of the configuration. */
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

    /** As by {@code kill}. */
    final void terminate() throws IOException, InterruptedException {
        ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Nothing of it is left. */
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
