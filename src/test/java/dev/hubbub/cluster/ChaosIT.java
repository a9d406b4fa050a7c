package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.TestClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/**
 * What happens to a cluster's events when connections are cut and Redis stands still, dies or is full. {@code
 * -Dhubbub.chaos.rounds=20} repeats each fault.
 */
class ChaosIT {
    private static final int ROUNDS = Integer.getInteger("hubbub.chaos.rounds", 2);

    private RedisServer redis;
    private TestCluster cluster;
    private LocalHub a;
    private LocalHub b;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
    }

    private ClusterChecker started(Duration patience) {
        cluster = new TestCluster(redis, patience);
        a = cluster.start().hub();
        b = cluster.start().hub();
        return new ClusterChecker(a, b);
    }

    @AfterEach
    void stop() {
        cluster.close();
        redis.close();
    }

    @Test
    void subscriptionsAreCut() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(5))) {
            for (int round = 0; round < ROUNDS; round++) {
                redis.cut("pubsub");
                checker.awaitAcknowledged(200);
            }
            checker.check();
        }
    }

    @Test
    void commandConnectionsAreCut() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(5))) {
            for (int round = 0; round < 5 * ROUNDS; round++) {
                redis.cut("normal");
                checker.awaitAcknowledged(100);
            }
            checker.check();
        }
    }

    @Test
    void bothAreCutAgainAndAgain() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(5))) {
            for (int round = 0; round < 5 * ROUNDS; round++) {
                redis.cut("normal");
                redis.cut("pubsub");
                checker.awaitAcknowledged(20);
            }
            checker.check();
        }
    }

    @Test
    void theScriptsAreFlushed() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(5))) {
            for (int round = 0; round < 5 * ROUNDS; round++) {
                redis.command(Command.SCRIPT, "FLUSH");
                checker.awaitAcknowledged(100);
            }
            checker.check();
        }
    }

    @Test
    void redisStandsStillForLessThanThePatience() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(10))) {
            for (int round = 0; round < ROUNDS; round++) {
                redis.signal("STOP");
                TimeUnit.MILLISECONDS.sleep(round == 0 ? 1_000 : 3_000);
                redis.signal("CONT");
                checker.awaitAcknowledged(200);
            }
            checker.check();
        }
    }

    @Test
    void redisStandsStillForLongerThanThePatience() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(1))) {
            TestClient client = new TestClient(a);
            redis.signal("STOP");
            checker.awaitUnavailable();
            client.receives("cluster", "{\"available\":false}");
            redis.signal("CONT");
            checker.awaitAcknowledged(200);
            client.receives("cluster", "{\"available\":false}", "{\"available\":true}");
            checker.check();
        }
    }

    @Test
    void redisIsRestartedEmpty() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(10))) {
            for (int round = 0; round < ROUNDS; round++) {
                redis.kill();
                redis.restart();
                checker.awaitAcknowledged(200);
            }
            checker.checkWhatIsLeft();
        }
    }

    @Test
    void redisComesBackWithAnOldDump() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(10))) {
            for (int round = 0; round < ROUNDS; round++) {
                redis.command(Command.SAVE);
                checker.awaitAcknowledged(200);
                redis.kill();
                redis.restart();
                checker.awaitAcknowledged(200);
            }
            checker.checkWhatIsLeft();
        }
    }

    @Test
    void redisForgetsEverything() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(10))) {
            for (int round = 0; round < 5 * ROUNDS; round++) {
                redis.command(Command.FLUSHALL);
                checker.awaitAcknowledged(100);
            }
            checker.check();
        }
    }

    @Test
    void redisIsOutOfMemory() throws Exception {
        try (ClusterChecker checker = started(Duration.ofSeconds(5))) {
            redis.command(Command.CONFIG, "SET", "maxmemory", "1mb");
            checker.awaitUnavailable();
            redis.command(Command.CONFIG, "SET", "maxmemory", "0");
            checker.awaitAcknowledged(200);
            checker.check();
        }
    }

    @Test
    void aNodeStartsWithoutRedisAndJoinsWhenItComes() throws Exception {
        redis.kill();
        cluster = new TestCluster(redis, Duration.ofMillis(500));
        a = cluster.start().hub();
        TestClient client = new TestClient(a);
        await().until(() -> !client.socket.data("connected").isEmpty());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(a.room("lobby").join(client.client).toCompletableFuture())
                                .failsWithin(Duration.ofSeconds(5))
                                .withThrowableThat()
                                .withMessageContaining("unavailable"));
        redis.restart();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !client.socket.data("cluster").isEmpty()
                        && a.cluster().orElseThrow().status().available());
        a.room("lobby").join(client.client).toCompletableFuture().get(5, TimeUnit.SECONDS);
        b = cluster.start().hub();
        b.emit("all", 1);
        client.receives("all", "1");
    }
}
