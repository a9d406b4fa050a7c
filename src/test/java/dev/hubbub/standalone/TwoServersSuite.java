package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.Http;
import dev.hubbub.client.Keystore;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers behind a proxy, with the configuration in server-config: one of them dies, and one is stopped. */
abstract class TwoServersSuite {
    private static final int EACH = 8;

    @TempDir
    private Path folder;

    /**
     * The command that runs the proxy in the foreground.
     *
     * @param folder a folder for its files, with {@code hubbub.crt} and {@code hubbub.key}
     * @param port the port that it listens on, with TLS
     */
    abstract ProcessBuilder proxy(Path folder, int plainPort, int port, int serverA, int serverB) throws IOException;

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static WarProcess start(int port) throws IOException {
        WarProcess war = new WarProcess(
                List.of(
                        "-Xmx160m",
                        "-Dhubbub.trusted-proxies=127.0.0.1",
                        "-Dhubbub.sticky-cookie=HUBBUB",
                        "-Dhubbub.handshakes-per-second=100000",
                        "-Dhubbub.metrics=true",
                        "-Dhubbub.drain-delay=8000",
                        "-Dhubbub.drain-timeout=3000"),
                "--port",
                String.valueOf(port));
        assertThat(war.url().getPort()).isEqualTo(port);
        return war;
    }

    private static int clients(WarProcess war) throws IOException, InterruptedException {
        return Data.parse(Http.get(war.url().resolve("/health")).body())
                .integer("clients")
                .intValue();
    }

    /** Waits until all returning clients are connected to this server, perhaps with a newcomer. */
    private static void awaitAll(ReturningClients clients, WarProcess war) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(clients(war)).isGreaterThanOrEqualTo(clients.count));
    }

    @Test
    void whenAServerDiesOrIsStoppedItsClientsComeBackToTheOtherOneAndNoneIsRejected() throws Exception {
        Path keystore = folder.resolve("key.p12");
        Keystore.create(keystore);
        Keystore.toPem(keystore, folder.resolve("hubbub.crt"), folder.resolve("hubbub.key"));
        int plainPort = freePort();
        int port = freePort();
        WarProcess a = start(freePort());
        WarProcess b = start(freePort());
        Process proxy = proxy(
                        folder, plainPort, port, a.url().getPort(), b.url().getPort())
                .inheritIO()
                .start();
        try {
            await().until(() -> isUp(proxy, port));
            assertThat(Http.get(URI.create("http://127.0.0.1:" + plainPort + "/health"))
                            .statusCode())
                    .isEqualTo(301);
            try (ReturningClients clients = new ReturningClients(URI.create("https://127.0.0.1:" + port + "/"), EACH)) {
                WarProcess first = a;
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(clients(first) + clients(b)).isGreaterThanOrEqualTo(clients.count));
                a.process.destroyForcibly().waitFor();
                awaitAll(clients, b);

                a = start(a.url().getPort());
                WarProcess second = a;
                await().atMost(Duration.ofSeconds(30)).until(() -> isUsed(second));
                b.process.toHandle().destroy(); // SIGTERM
                assertThat(b.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                awaitAll(clients, a);
                assertThat(clients.failures).isEmpty();
            }
        } finally {
            proxy.destroy();
            proxy.waitFor();
            a.process.destroyForcibly();
            b.process.destroyForcibly();
        }
    }

    /** Whether new connections get to this server. */
    private static boolean isUsed(WarProcess war) throws IOException, InterruptedException {
        return Http.get(war.url().resolve("/metrics"))
                .body()
                .lines()
                .anyMatch(line -> line.matches("hubbub_connections_opened_total\\{transport=\"websocket\"} [1-9].*"));
    }

    private static boolean isUp(Process proxy, int port) {
        assertThat(proxy.isAlive()).isTrue();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
