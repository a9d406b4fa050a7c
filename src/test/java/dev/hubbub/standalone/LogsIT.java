package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.Http;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar hubbub.war} writes down. */
class LogsIT {
    @TempDir
    private Path folder;

    @Test
    void requestsAndHandshakesAreListedWithoutTheirQueries() throws Exception {
        Path file = folder.resolve("access.log");
        try (WarProcess war = new WarProcess(List.of(), "--port", "0", "--access-log", file.toString())) {
            URI url = war.url();
            Http.get(url.resolve("/health?secret=1"));
            Http.get(url.resolve("/no%22page"));
            try (EventClient client = EventClient.connect(URI.create(war.events() + "?secret=2"))) {
                client.join("lobby");
            }
            war.terminate();
        }
        String start = "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] ";
        List<String> lines = Files.readAllLines(folder.resolve("access.log.0"));
        assertThat(lines).hasSize(3).allMatch(line -> line.matches(start + "\"GET \\S+ HTTP/1\\.1\" \\d{3} (\\d+|-)"));
        assertThat(lines.get(0)).contains("\"GET /health HTTP/1.1\" 200 ");
        assertThat(lines.get(1)).contains("\"GET /no%22page HTTP/1.1\" 404 ");
        assertThat(lines.get(2)).contains("\"GET /events HTTP/1.1\" 101 ");
    }

    @Test
    void aFileThatCannotBeWrittenPreventsTheStart() throws Exception {
        String file = folder.resolve("missing/access.log").toString();
        try (WarProcess war = new WarProcess(List.of(), "--port", "0", "--access-log", file)) {
            assertThat(war.process.waitFor()).isEqualTo(2);
            await().until(() -> war.output.contains("--access-log: " + file + " cannot be written"));
        }
    }

    @Test
    void withLogFormatJsonEveryLineIsAnObject() throws Exception {
        try (WarProcess war = new WarProcess(
                List.of("-Dhubbub.hosts=*", "-Dhubbub.rooms=\"\\x"), "--port", "0", "--log-format", "json")) {
            await().until(() -> war.output.stream().anyMatch(line -> line.contains("Hubbub is listening at http://")));
            war.terminate();
            await().until(() -> war.output.stream().anyMatch(line -> line.contains("Hubbub has stopped")));
            assertThat(war.output).allSatisfy(line -> {
                Data object = Data.parse(line);
                assertThat(Instant.parse(object.string("time"))).isBefore(Instant.now());
                assertThat(object.string("level")).isIn("INFO", "WARNING");
                assertThat(object.string("logger")).startsWith("dev.hubbub");
                assertThat(object.string("message")).isNotEmpty();
            });
            assertThat(war.output)
                    .anyMatch(line -> line.contains(
                            "\"WARNING\",\"logger\":\"dev.hubbub\",\"message\":\"" + "hubbub.hosts contains *"));
        }
    }

    @Test
    void theLastLineSaysThatTheServerHasStopped() throws Exception {
        try (WarProcess war = WarProcess.start()) {
            war.url();
            war.terminate();
            await().untilAsserted(() -> assertThat(war.output).last().asString().endsWith("Hubbub has stopped"));
        }
    }
}
