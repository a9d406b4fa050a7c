package dev.hubbub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server to be measured, in a process of its own. */
final class Server implements AutoCloseable {
    private static final Path PEERS = Path.of("target/bench");

    final String name;
    final URI url;
    private final Process process;

    private Server(String name, List<String> command, int port) throws IOException, InterruptedException {
        this.name = name;
        url = URI.create("ws://127.0.0.1:" + port + "/events");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Files.createDirectories(PEERS).resolve(name + ".log").toFile())
                .start();
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > limit) {
                close();
                throw new IOException(name + " does not start, see " + PEERS.resolve(name + ".log"));
            }
            Thread.sleep(50);
        }
    }

    /** @param name {@code hubbub}, {@code ws}, {@code bun}
     * @param war Hubbub's */
    static Server start(String name, String war) throws IOException, InterruptedException {
        return start(name, war, List.of());
    }

    /** @param options of the JVM or of the WAR, for Hubbub */
    static Server start(String name, String war, List<String> options) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<String> command = switch (name) {
            case "hubbub" -> {
                List<String> java = new ArrayList<>(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-Xmn64m"));
                options.stream().filter(option -> option.startsWith("-D")).forEach(java::add);
                java.addAll(List.of("-jar", war, "--port", Integer.toString(port)));
                options.stream().filter(option -> !option.startsWith("-D")).forEach(java::add);
                yield java;
            }
            case "ws" -> List.of("node", PEERS.resolve("ws.mjs").toString(), Integer.toString(port));
            case "bun" -> List.of(bun().toString(), PEERS.resolve("bun.mjs").toString(), Integer.toString(port));
            default ->
                throw new IllegalArgumentException("There is no server " + name + "; there are hubbub, ws and bun");
        };
        return new Server(name, command, port);
    }

    /** The program itself, because npm's link to it is made by a script that may not be allowed to run. */
    private static Path bun() throws IOException {
        try (Stream<Path> files = Files.walk(PEERS.resolve("node_modules/@oven"))) {
            return files.filter(file -> file.endsWith("bin/bun") || file.endsWith("bin/bun.exe"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("npm has not installed Bun for this machine"));
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** User and system time, with a resolution of 10 ms on Linux. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Resident memory in KiB; 0 where there is no {@code /proc}. */
    long memory() {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
