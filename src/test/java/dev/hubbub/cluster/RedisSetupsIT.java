package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.Keystore;
import dev.hubbub.standalone.WarProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with the files in server-config: a Redis with TLS and a user with few rights, or two that a sentinel watches. */
class RedisSetupsIT {
    private static final Path CONFIGURATION = Path.of("server-config/cluster");
    private static final String ROOM = "setups";

    @TempDir
    private Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();
    private int sent;

    @AfterEach
    void stop() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }

    private RedisServer redis(String name, String... options) throws IOException {
        Path own = Files.copy(CONFIGURATION.resolve("redis.conf"), folder.resolve(name)); // Sentinel changes it
        RedisServer server = RedisServer.start(own, options);
        started.add(server);
        return server;
    }

    private WarProcess node(String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("-Dhubbub.cluster-patience=2000");
        WarProcess war = WarProcess.start(all.toArray(String[]::new));
        started.add(war);
        war.url();
        return war;
    }

    private EventClient join(WarProcess war) {
        EventClient client = EventClient.connect(war.events()).join(ROOM);
        started.add(client);
        return client;
    }

    /** @return whether it was published */
    private boolean publish(EventClient from) {
        String id = Integer.toString(++sent);
        from.send("{\"name\":\"message\",\"id\":" + id + ",\"data\":{\"room\":\"" + ROOM + "\",\"text\":\"" + id
                + "\"}}");
        return from.next(event -> id.equals(event.id())).name().equals("ack");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Test
    void redisHasTlsAndAUserWhoMayUseNothingButHubbubsKeys() throws Exception {
        Path keystore = folder.resolve("redis.p12");
        Path certificate = folder.resolve("redis.crt");
        Path key = folder.resolve("redis.key");
        Keystore.create(keystore);
        Keystore.toPem(keystore, certificate, key);
        int port = freePort();
        redis(
                "redis.conf",
                "--tls-port",
                String.valueOf(port),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no");
        String[] settings = {
            "-Dhubbub.cluster=rediss://hubbub:change-me@localhost:" + port,
            "-Djavax.net.ssl.trustStore=" + keystore,
            "-Djavax.net.ssl.trustStorePassword=" + Keystore.PASSWORD
        };
        EventClient onA = join(node(settings));
        EventClient onB = join(node(settings));
        assertThat(publish(onA)).isTrue();
        assertThat(onB.next("message").data().string("text")).isEqualTo("1");
        WarProcess distrustful = WarProcess.start(settings[0]);
        started.add(distrustful);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(distrustful.output)
                        .anyMatch(line -> line.contains("Redis at") && line.contains("unreachable")));
        assertThat(String.join("\n", distrustful.output)).doesNotContain("change-me");
        WarProcess wrong = WarProcess.start(settings[0].replace("change-me", "another"), settings[1], settings[2]);
        started.add(wrong);
        assertThat(wrong.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong.process.exitValue()).isNotZero();
        await().untilAsserted(() -> assertThat(String.join("\n", wrong.output))
                .contains("WRONGPASS")
                .doesNotContain("another"));
    }

    @Test
    void afterTheDeathOfTheMasterItsReplicaGoesOn() throws Exception {
        RedisServer master = redis("master.conf");
        RedisServer replica = redis("replica.conf", "--replicaof", "127.0.0.1", String.valueOf(master.port()));
        await().atMost(Duration.ofSeconds(20)).until(() -> replica.log().contains("sync: Finished with success"));
        int port = freePort();
        Path configuration = Files.writeString(
                folder.resolve("sentinel.conf"),
                Files.readString(CONFIGURATION.resolve("sentinel.conf"))
                        .replace("port 26379", "port " + port)
                        .replace("/var/lib/redis", folder.toString())
                        .replace("hub 10.0.0.1 6379 2", "hub 127.0.0.1 " + master.port() + " 1"));
        Process sentinel = new ProcessBuilder("redis-server", configuration.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sentinel.log").toFile())
                .start();
        started.add(() -> sentinel.destroyForcibly().waitFor());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(folder.resolve("sentinel.log")).contains("+slave slave"));
        String cluster = "-Dhubbub.cluster=redis+sentinel://hubbub:change-me@127.0.0.1:" + port + "/hub";
        EventClient onA = join(node(cluster));
        EventClient onB = join(node(cluster));
        assertThat(publish(onA)).isTrue();
        assertThat(onB.next("message").data().string("text")).isEqualTo("1");
        master.kill();
        await().atMost(Duration.ofSeconds(60)).until(() -> publish(onA));
        String last = Integer.toString(sent);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> last.equals(onB.next("message").data().string("text")));
        assertThat(onA.closeCode).as("nobody is disconnected").isZero();
        assertThat(onB.closeCode).isZero();
    }
}
