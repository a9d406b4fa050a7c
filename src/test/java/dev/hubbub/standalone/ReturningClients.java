package dev.hubbub.standalone;

import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.TrustAll;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** Clients of all transports that connect again at once whenever they have lost their connection, and newcomers all the time. */
final class ReturningClients implements AutoCloseable {
    private static final long PAUSE_MILLIS = 50;
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");

    /** Every attempt to connect that did not succeed: the transport, and the status or what went wrong. */
    final List<String> failures = new CopyOnWriteArrayList<>();

    /** Returning clients, without the newcomers. */
    final int count;

    private final URI url;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private static final System.Logger LOG = System.getLogger(ReturningClients.class.getName());

    /** One life of a client. */
    private interface Life {
        /** Connects and returns when the connection has ended. */
        void live(HttpClient http) throws IOException, InterruptedException;
    }

    /** @param each the number of clients of each transport */
    ReturningClients(URI url, int each) {
        this.url = url;
        count = 3 * each;
        for (int i = 0; i < each; i++) {
            start("websocket", http -> awaitEnd(webSocket()));
            start("sse", http -> read(stream(http)));
            start("polling", this::poll);
        }
        start("newcomer by sse", http -> stream(http).close());
        start("newcomer by websocket", http -> webSocket().abort());
    }

    private void start(String transport, Life life) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TrustAll.context())
                .cookieHandler(new CookieManager())
                .build();
        Thread thread = new Thread(
                () -> {
                    while (!stopped) {
                        try {
                            life.live(http);
                        } catch (IOException e) {
                            fail(transport + " " + e.getMessage());
                        } catch (ConditionTimeoutException lost) {
                            // Its server has died before it said "connected".
                            LOG.log(System.Logger.Level.DEBUG, "A client was not connected", lost);
                        } catch (InterruptedException e) {
                            return;
                        }
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
                    }
                },
                "returning-" + transport);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void fail(String what) {
        if (!stopped) {
            failures.add(what);
        }
    }

    private EventClient webSocket() throws IOException {
        try {
            return EventClient.connect(EventClient.events(url));
        } catch (CompletionException e) {
            throw new IOException(
                    e.getCause() instanceof WebSocketHandshakeException rejected
                            ? String.valueOf(rejected.getResponse().statusCode())
                            : e.getCause().toString(),
                    e);
        }
    }

    private void awaitEnd(EventClient client) {
        await().forever().until(() -> client.closeCode != 0 || stopped);
        client.abort();
    }

    private InputStream stream(HttpClient http) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(request("events/sse?room=lobby"), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException(String.valueOf(response.statusCode()));
        }
        return response.body();
    }

    private static void read(InputStream stream) {
        try (stream) {
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException lost) {
            return; // its server has died
        }
    }

    private void poll(HttpClient http) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(request("events/poll?room=lobby"), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(String.valueOf(response.statusCode()));
        }
        String session = null;
        String after = "0";
        while (response.statusCode() == 200 && !stopped) {
            after = last(NUMBER, response.body(), after);
            session = last(SESSION, response.body(), session);
            response = http.send(
                    request("events/poll?wait=1000&after=" + after, "Hubbub-Session", session),
                    HttpResponse.BodyHandlers.ofString());
        }
        if (response.statusCode() != 200 && response.statusCode() != 404) { // 404: the session was another server's
            throw new IOException("session " + response.statusCode());
        }
    }

    private static String last(Pattern pattern, String body, String otherwise) {
        return pattern.matcher(body)
                .results()
                .map(found -> found.group(1))
                .reduce((first, second) -> second)
                .orElse(otherwise);
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
    }
}
