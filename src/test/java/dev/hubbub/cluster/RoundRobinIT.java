package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.Keystore;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.Tools;
import dev.hubbub.standalone.WarProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes behind nginx without stickiness, with the configuration in server-config/cluster. */
class RoundRobinIT {
    @TempDir
    private Path folder;

    private final RedisServer redis = RedisServer.start();
    private final List<WarProcess> nodes = new ArrayList<>();
    private final List<String> output = new CopyOnWriteArrayList<>();
    private Process proxy;
    private Process clients;

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private void startNode() throws IOException {
        WarProcess node = new WarProcess(
                List.of(
                        "-Xmx160m",
                        "-Dhubbub.cluster=" + redis.url(),
                        "-Dhubbub.trusted-proxies=127.0.0.1",
                        "-Dhubbub.handshakes-per-second=100000",
                        "-Dhubbub.events-per-second=0",
                        "-Dhubbub.drain-delay=1000",
                        "-Dhubbub.drain-timeout=2000"),
                "--port",
                String.valueOf(freePort()));
        node.url();
        nodes.add(node);
    }

    private int startProxy() throws Exception {
        Path program = Tools.need("nginx", "nginx");
        Path keystore = folder.resolve("key.p12");
        Keystore.create(keystore);
        Keystore.toPem(keystore, folder.resolve("hubbub.crt"), folder.resolve("hubbub.key"));
        int port = freePort();
        String servers = "    server 127.0.0.1:%d max_fails=3 fail_timeout=5s;\n"
                .repeat(nodes.size())
                .formatted(nodes.stream().map(node -> node.url().getPort()).toArray());
        String site = Files.readString(Path.of("server-config/cluster/nginx.conf"))
                .replace("/etc/nginx/", folder + "/")
                .replaceFirst("( *server 10\\.0\\.0\\..*\n)+", servers)
                .replace("listen 80;", "listen 127.0.0.1:" + freePort() + ";")
                .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;");
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                %3$s
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 2048; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  %2$s
                }
                """.formatted(
                        folder, site, "root".equals(System.getProperty("user.name")) ? "user root;" : ""));
        proxy = new ProcessBuilder(program.toString(), "-e", folder + "/error.log", "-c", configuration.toString())
                .inheritIO()
                .start();
        await().until(() -> {
            assertThat(proxy.isAlive()).isTrue();
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        return port;
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (clients != null) {
            clients.destroyForcibly();
        }
        if (proxy != null) {
            proxy.destroy();
            proxy.waitFor();
        }
        nodes.forEach(WarProcess::close);
        redis.close();
    }

    private void startClients(int port) throws Exception {
        clients = NodeScripts.pipe("roundrobin.mjs", "https://127.0.0.1:" + port + "/", "3");
        Thread reader = new Thread(() -> {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(output::add);
            } catch (IOException e) {
                output.add(e.toString());
            }
        });
        reader.setDaemon(true);
        reader.start();
        awaitOutput("joined");
    }

    private void awaitOutput(String line) {
        await().atMost(Duration.ofSeconds(100)).until(() -> {
            assertThat(clients.isAlive() || output.stream().anyMatch(each -> each.startsWith(line)))
                    .as(String.join("\n", output))
                    .isTrue();
            return output.stream().anyMatch(each -> each.startsWith(line));
        });
    }

    private void check() throws IOException {
        OutputStream in = clients.getOutputStream();
        in.write('\n');
        in.flush();
        awaitOutput("roundrobin passed");
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void clientsOfAllDoorsReceiveEveryEventWhileOneNodeDiesAndAnotherIsStopped() throws Exception {
        for (int i = 0; i < 3; i++) {
            startNode();
        }
        startClients(startProxy());
        nodes.get(0).process.destroyForcibly().waitFor();
        awaitClients(2);
        startNodeAgain();
        assertThat(nodes.get(1).terminate()).isNotNegative();
        awaitClients(2);
        check();
    }

    private void startNodeAgain() throws IOException {
        int port = nodes.get(0).url().getPort();
        WarProcess again = new WarProcess(
                List.of("-Xmx160m", "-Dhubbub.cluster=" + redis.url(), "-Dhubbub.trusted-proxies=127.0.0.1"),
                "--port",
                String.valueOf(port));
        again.url();
        nodes.set(0, again);
    }

    /** Waits until all clients are connected to nodes that live. */
    private void awaitClients(int live) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            int connected = 0;
            for (WarProcess node : nodes) {
                if (node.process.isAlive()) {
                    connected += dev.hubbub.Data.parse(
                                    dev.hubbub.client.Http.get(node.url().resolve("/health"))
                                            .body())
                            .integer("clients")
                            .intValue();
                }
            }
            return connected >= 16;
        });
    }
}
