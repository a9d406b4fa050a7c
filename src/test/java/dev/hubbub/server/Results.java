package dev.hubbub.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Counts the results of the tests on one server and writes the table of containers: a row for each server and JDK with a result
 * in {@code target/matrix}, from this run or an earlier one.
 */
final class Results implements TestWatcher {
    static final Path FOLDER = Path.of("target/matrix");

    private final String server;
    private int passed;
    private int failed;
    private int skipped;
    private long startedAt;
    private long startMillis;
    private long deployMillis;

    /** @param server the name of its property in the build's list of versions */
    Results(String server) {
        this.server = server;
    }

    void begin() {
        startedAt = System.nanoTime();
    }

    void started() {
        startMillis = (System.nanoTime() - startedAt) / 1_000_000;
    }

    void deployed() {
        deployMillis = (System.nanoTime() - startedAt) / 1_000_000 - startMillis;
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        passed++;
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        failed++;
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        skipped++;
    }

    void write() throws IOException {
        Files.createDirectories(FOLDER);
        String version = System.getProperty("version." + server, "");
        String jdk = System.getProperty("java.version");
        String row = "| %s %s | %s | %d | %d | %d | %s s | %s |%n"
                .formatted(
                        server.replaceFirst("JettyEe(\\d+)", "Jetty, Jakarta EE $1,")
                                .replace("Tomee", "TomEE")
                                .replace("PayaraMicro", "Payara Micro")
                                .replaceAll("(?<=[a-z])\\d+$", ""),
                        version,
                        jdk,
                        passed,
                        failed,
                        skipped,
                        seconds(startMillis),
                        deployMillis == 0 ? "with it" : seconds(deployMillis) + " s");
        Files.writeString(FOLDER.resolve(server + "-" + Runtime.version().feature() + ".row"), row);
        StringBuilder table = new StringBuilder(
                        "| server | JDK | passed | failed | skipped | start | deployment |%n".formatted())
                .append("| --- | --- | --- | --- | --- | --- | --- |%n".formatted());
        try (Stream<Path> rows = Files.list(FOLDER)) {
            for (Path file : rows.filter(path -> path.toString().endsWith(".row"))
                    .sorted()
                    .toList()) {
                table.append(Files.readString(file));
            }
        }
        Files.writeString(FOLDER.resolve("table.md"), table);
    }

    private static String seconds(long millis) {
        return "%.1f".formatted(millis / 1_000.0);
    }
}
