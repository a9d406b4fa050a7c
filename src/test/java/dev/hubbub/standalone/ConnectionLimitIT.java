package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code hubbub.max-connections} is a limit that is never exceeded, and the log says when it is reached. */
class ConnectionLimitIT {
    private static final int OPEN = 0;

    @Test
    void aFullServerSaysSoInTheLogOnceAMinute() throws Exception {
        try (WarProcess own = WarProcess.start("-Dhubbub.max-connections=1");
                EventClient kim = EventClient.connect(own.events())) {
            assertThat(kim.id()).isNotEmpty();
            for (int i = 0; i < 3; i++) {
                assertThat(HandshakeProbe.webSocket(own.url(), "events").status())
                        .isEqualTo(503);
            }
            await().untilAsserted(() -> assertThat(own.output)
                    .filteredOn(line -> line.contains("hubbub.max-connections"))
                    .filteredOn(line -> !line.contains("Settings: "))
                    .singleElement()
                    .asString()
                    .contains("WARNING", "connections beyond hubbub.max-connections (1) are rejected"));
        }
    }

    /** Handshakes that are checked at the same moment do not exceed the limit together. */
    @Test
    void theMaximumOfConnectionsIsExactWhenManyConnectAtOnce() throws Exception {
        try (WarProcess own = WarProcess.start("-Dhubbub.max-connections=5");
                Crowd crowd = new Crowd(own.events())) {
            int connected = 0;
            for (int round = 0; round < 10; round++) {
                await().untilAsserted(() -> assertThat(HandshakeProbe.request(own.url(), "GET", "health", "")
                                .body())
                        .contains("\"clients\":0"));
                List<Integer> results = crowd.connect(40);
                assertThat(results).allMatch(result -> List.of(OPEN, 503, 1013).contains(result));
                int open = Collections.frequency(results, OPEN);
                assertThat(open).isLessThanOrEqualTo(5);
                connected += open;
                crowd.leave();
            }
            assertThat(connected).isGreaterThan(5);
        }
    }

    /** Clients that connect at the same moment. */
    private static final class Crowd implements AutoCloseable {
        private final HttpClient http = HttpClient.newHttpClient();
        private final URI events;
        private final List<WebSocket> open = new ArrayList<>();

        Crowd(URI events) {
            this.events = events;
        }

        /** What became of each: {@link #OPEN}, the HTTP status of its handshake, or the code with which it was closed. */
        List<Integer> connect(int clients) throws Exception {
            List<First> firsts = new ArrayList<>();
            List<CompletableFuture<WebSocket>> sockets = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                First first = new First();
                firsts.add(first);
                sockets.add(http.newWebSocketBuilder().buildAsync(events, first));
            }
            List<Integer> results = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                try {
                    open.add(sockets.get(i).get(20, TimeUnit.SECONDS));
                    results.add(firsts.get(i).result.get(20, TimeUnit.SECONDS));
                } catch (ExecutionException e) {
                    results.add(((WebSocketHandshakeException) e.getCause())
                            .getResponse()
                            .statusCode());
                }
            }
            return results;
        }

        void leave() {
            open.forEach(WebSocket::abort);
            open.clear();
        }

        @Override
        public void close() {
            leave();
        }
    }

    /** The first thing that a client hears. */
    private static final class First implements WebSocket.Listener {
        final CompletableFuture<Integer> result = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            result.complete(OPEN);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            result.complete(code);
            return null;
        }
    }
}
