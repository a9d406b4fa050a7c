package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.Http;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.standalone.WarProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol;

/**
 * Two nodes share rooms with Node's Socket.IO: a server with {@code @socket.io/redis-adapter}, the service of cluster.md, and
 * {@code @socket.io/redis-emitter}, all of npm.
 */
class SocketIoExchangeIT {
    private static final String EXCHANGES = "exchanges the events of";
    private static final Pattern SERVICE = Pattern.compile("```js\n(import [^`]*redis-adapter[^`]*)```");

    private final RedisServer redis = RedisServer.start();
    private final List<WarProcess> nodes = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<String> output = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        nodes.forEach(WarProcess::close);
        redis.close();
    }

    private WarProcess startNode() throws IOException {
        WarProcess node = WarProcess.start(
                "-Xmx160m",
                "-Dhubbub.cluster=" + redis.url(),
                "-Dhubbub.cluster-socketio=true",
                "-Dhubbub.events-per-second=0");
        node.url();
        nodes.add(node);
        return node;
    }

    private String startService() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Matcher service = SERVICE.matcher(Files.readString(Path.of("src/site/markdown/cluster.md")));
        assertThat(service.find()).isTrue();
        String code = service.group(1)
                .replace("redis://redis.example:6379", redis.url())
                .replace("3000", port + "");
        Files.createDirectories(NodeScripts.work());
        Files.writeString(NodeScripts.work().resolve("exchange-service.mjs"), code);
        processes.add(NodeScripts.start("exchange-service.mjs"));
        return "http://127.0.0.1:" + port;
    }

    private Process startClients(String service) throws Exception {
        Process clients = NodeScripts.pipe(
                "exchange.mjs",
                redis.url(),
                service,
                nodes.get(0).events().toString(),
                nodes.get(1).events().toString());
        processes.add(clients);
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
        return clients;
    }

    private void awaitOutput(Process clients, String line) {
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(clients.isAlive() || output.contains(line))
                    .as(String.join("\n", output) + logs())
                    .isTrue();
            return output.contains(line);
        });
    }

    private String logs() {
        StringBuilder logs = new StringBuilder();
        nodes.forEach(node -> logs.append("\n").append(String.join("\n", node.output)));
        return logs.toString();
    }

    private static boolean exchanges(WarProcess node) {
        return List.copyOf(node.output).stream().anyMatch(line -> line.contains(EXCHANGES));
    }

    @Test
    void serversAndEmittersShareRoomsWithTwoNodesOfWhichOneMayDie() throws Exception {
        startNode();
        startNode();
        Process clients = startClients(startService());
        awaitOutput(clients, "exchanged");
        assertThat(nodes.stream().filter(SocketIoExchangeIT::exchanges)).hasSize(1);
        WarProcess exchanging =
                nodes.stream().filter(SocketIoExchangeIT::exchanges).findAny().orElseThrow();
        assertThat(String.join("\n", exchanging.output))
                .containsOnlyOnce("of Socket.IO was dropped")
                .doesNotContain("Exception in thread");
        String health = Http.get(exchanging.url().resolve("/health")).body();
        assertThat(Data.parse(health).member("cluster").integer("malformed")).isGreaterThanOrEqualTo(16);
        exchanging.process.destroyForcibly().waitFor();
        OutputStream in = clients.getOutputStream();
        in.write('\n');
        in.flush();
        awaitOutput(clients, "exchange passed");
    }

    @Test
    void withoutTheSettingNothingOfItIsThere() throws Exception {
        nodes.add(WarProcess.start("-Xmx160m", "-Dhubbub.cluster=" + redis.url(), "-Xlog:class+load"));
        nodes.get(0).url();
        List<String> loaded = List.copyOf(nodes.get(0).output);
        assertThat(loaded).anyMatch(line -> line.contains("dev.hubbub.cluster.RedisCluster"));
        assertThat(loaded)
                .noneMatch(line -> line.contains("dev.hubbub.cluster.SocketIo")
                        || line.contains("dev.hubbub.cluster.ExchangingCluster")
                        || line.contains("dev.hubbub.cluster.MessagePack"));
        List<?> subscribed = (List<?>) redis.command(Protocol.Command.PUBSUB, "CHANNELS", "socket.io*");
        assertThat(subscribed).isEmpty();
    }
}
