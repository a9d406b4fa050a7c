package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** {@code /metrics} and {@code /health/*}, as Prometheus and Kubernetes read them. */
class MetricsTest {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path CONFIGURATION = Path.of("server-config/prometheus");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Standalone server;

    private void start(String metrics) throws Exception {
        System.setProperty("hubbub.metrics", metrics);
        server = Standalone.start("127.0.0.1", 0, null, Set.of());
    }

    @AfterEach
    void stop() {
        System.clearProperty("hubbub.metrics");
        System.clearProperty("hubbub.history");
        System.clearProperty("hubbub.max-connections");
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url().resolve("/") + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void metricsAreOffByDefault() throws Exception {
        start("false");
        assertThat(get("metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void metricsForARoleAreShownToNobodyElse() throws Exception {
        start("role:monitoring");
        assertThat(get("metrics").statusCode()).isEqualTo(401);
    }

    @Test
    void clientsEventsAndDeliveriesAreCounted() throws Exception {
        start("true");
        try (EventClient kim = EventClient.connect(server.eventsUrl())) {
            kim.send("{\"name\":\"join\",\"data\":{\"room\":\"lobby\"},\"id\":1}")
                    .next("ack");
            kim.send("{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":\"hi\"},\"id\":2}")
                    .next("ack");
            kim.send("{\"name\":\"nonsense\",\"id\":3}").error("unknown-event");
            HttpResponse<String> metrics = get("metrics");
            assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
            assertThat(metrics.body().lines())
                    .contains(
                            "hubbub_clients{transport=\"websocket\"} 1.0",
                            "hubbub_clients{transport=\"sse\"} 0.0",
                            "hubbub_connections_opened_total{transport=\"websocket\"} 1.0",
                            "hubbub_events_handled_total{event=\"message\"} 1.0",
                            "hubbub_events_rejected_total{code=\"unknown-event\"} 1.0",
                            "hubbub_handler_seconds_count{event=\"message\"} 1",
                            "hubbub_rooms 1.0");
            assertThat(value(metrics.body(), "hubbub_delivery_seconds_count")).isGreaterThanOrEqualTo(4);
            assertThat(value(metrics.body(), "hubbub_frames_sent_total")).isGreaterThanOrEqualTo(4);
            assertThat(value(metrics.body(), "hubbub_bytes_sent_total")).isGreaterThan(100);
        }
        await().untilAsserted(() -> assertThat(get("metrics").body().lines())
                .contains(
                        "hubbub_connections_closed_total{code=\"1000\"} 1.0",
                        "hubbub_clients{transport=\"websocket\"} 0.0"));
        assertThat(value(get("metrics").body(), "hubbub_frames_sent_total"))
                .as("a counter does not fall when a client disconnects")
                .isGreaterThanOrEqualTo(4);
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void promtoolAcceptsTheMetrics() throws Exception {
        start("true");
        promtool(get("metrics").body(), "metrics");
    }

    @Test
    void promtoolAcceptsTheFilesInServerConfig() throws Exception {
        start("false");
        promtool("", "config", CONFIGURATION.resolve("prometheus.yml").toString());
        promtool("", "rules", CONFIGURATION.resolve("alerts.yml").toString());
    }

    private static void promtool(String input, String... arguments) throws Exception {
        boolean required = Boolean.getBoolean("hubbub.test.required");
        Assumptions.assumeTrue(required || Files.isExecutable(PROMTOOL), "promtool is not installed");
        List<String> command = new ArrayList<>(List.of(PROMTOOL.toString(), "check"));
        command.addAll(List.of(arguments));
        Process check = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = check.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).as(output).isZero();
    }

    @Test
    void everyMetricOfTheAlertsTheDashboardAndTheDocumentationExists() throws Exception {
        System.setProperty("hubbub.history", "jdbc:h2:mem:metrics");
        start("true");
        assertThat(get("health/ready").body())
                .containsPattern("\"history\"[^}]+\"available\":true,?[^}]*")
                .containsPattern("\"history\"[^}]+\"waiting\":0");
        try (EventClient kim = EventClient.connect(server.eventsUrl())) {
            kim.send("{\"name\":\"nonsense\",\"id\":1}").error("unknown-event");
        }
        // A metric has no values before something has happened.
        await().until(() -> get("metrics").body().contains("hubbub_connections_closed_total{"));
        String metrics = get("metrics").body();
        for (Path file : List.of(
                CONFIGURATION.resolve("alerts.yml"),
                CONFIGURATION.resolve("grafana.json"),
                Path.of("src/site/markdown/operations.md"))) {
            Set<String> names = Pattern.compile("\\bhubbub_[a-z_]+\\b")
                    .matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toSet());
            assertThat(names)
                    .as(file.toString())
                    .hasSizeGreaterThan(5)
                    .allSatisfy(
                            name -> assertThat(metrics).contains("# TYPE " + name.replaceFirst("_bucket$", "") + " "));
        }
    }

    @Test
    void openMetricsIsWrittenForReadersThatAcceptIt() throws Exception {
        start("true");
        HttpResponse<String> metrics = get("metrics", "Accept", "application/openmetrics-text; version=1.0.0");
        assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(metrics.body()).endsWith("# EOF\n");
    }

    @Test
    void theProbesNameTheirChecks() throws Exception {
        System.setProperty("hubbub.max-connections", "1");
        start("false");
        assertThat(get("health/live").body()).contains("\"status\":\"UP\"", "\"name\":\"timer\"");
        assertThat(get("health/started").statusCode()).isEqualTo(200);
        assertThat(get("health/ready").statusCode()).isEqualTo(200);
        try (EventClient kim = EventClient.connect(server.eventsUrl())) {
            kim.send("{\"name\":\"echo\",\"id\":1}").next("ack");
            HttpResponse<String> full = get("health/ready");
            assertThat(full.statusCode()).isEqualTo(503);
            assertThat(full.body())
                    .contains("{\"name\":\"connections\",\"status\":\"DOWN\",\"data\":{\"open\":1,\"limit\":1}}");
            assertThat(get("health").statusCode()).isEqualTo(200);
        }
    }
}
