package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An EventSource: it reads an event stream (HTML standard, section 9.2.6) and keeps every event. */
public final class StreamClient implements AutoCloseable {
    public record StreamEvent(String name, String data, String id) {}

    final List<StreamEvent> events = new CopyOnWriteArrayList<>();
    final HttpResponse<InputStream> response;
    volatile String lastEventId = "";
    volatile boolean ended;

    public StreamClient(URI url, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(20)).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        response = Http.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String name = "message";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
                switch (field) {
                    case "event" -> name = value;
                    case "data" -> data.append(value).append('\n');
                    case "id" -> lastEventId = value;
                    default -> {} // a comment, retry, or the end of an event
                }
                if (line.isEmpty() && data.length() > 0) {
                    events.add(new StreamEvent(name, data.substring(0, data.length() - 1), lastEventId));
                    name = "message";
                    data.setLength(0);
                }
            }
        } catch (IOException e) {
            assertThat(e).isNotNull(); // the stream has ended
        }
        ended = true;
    }

    /** Waits until {@code count} events with this name have been received and returns the last of them. */
    StreamEvent next(String name, int count) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> all(name).size() >= count);
        return all(name).get(count - 1);
    }

    public StreamEvent next(String name) {
        return next(name, 1);
    }

    List<StreamEvent> all(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    /** The session token in {@code connected}. */
    String session() {
        return Data.parse(next("connected").data()).string("session");
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
