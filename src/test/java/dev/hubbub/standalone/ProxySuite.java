package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.SocketIoSuite;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs all transports through a proxy, with the configuration in server-config. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProxySuite extends SocketIoSuite {
    @TempDir
    private static Path folder;

    private WarProcess war;
    private Process proxy;
    private int port;

    /**
     * The command that runs the proxy in the foreground.
     *
     * @param folder an empty folder for its files
     * @param port the port that it listens on
     * @param server the port of the server behind it
     */
    abstract ProcessBuilder proxy(Path folder, int port, int server) throws IOException;

    @BeforeAll
    void start() throws Exception {
        // Addresses that a proxy has told are never exempt from limits, and all clients of these tests have one
        // address.
        war = WarProcess.start(
                "-Dhubbub.trusted-proxies=127.0.0.1",
                "-Dhubbub.handshakes-per-second=100000",
                "-Dhubbub.events-per-second=0",
                "-Dhubbub.max-connections-per-address=10000",
                "-Dhubbub.max-connections-per-user=10000");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        proxy = proxy(folder, port, war.url().getPort()).inheritIO().start();
        await().until(this::isUp);
    }

    private boolean isUp() {
        assertThat(proxy.isAlive()).isTrue();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (proxy != null) {
            proxy.destroy();
            proxy.waitFor();
        }
        if (war != null) {
            war.close();
        }
    }

    @Override
    protected URI url() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** Not observable here: the test looks at the socket of the proxy, which keeps reading for a client that has stopped. */
    @Override
    protected boolean writesBelowJakartaWebSocket() {
        return false;
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
