package dev.hubbub.history;

import dev.hubbub.cluster.ClusterConfig;
import dev.hubbub.cluster.RedisAddress;
import dev.hubbub.cluster.RedisCluster;
import dev.hubbub.cluster.RedisServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The history of nodes of a cluster, in PostgreSQL. */
abstract class ClusterHistoryContract extends HistoryContract {
    static EmbeddedPostgres postgres;
    static RedisServer redis;

    @BeforeAll
    static void startServers() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopServers() throws Exception {
        redis.close();
        postgres.close();
    }

    @Override
    String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    @Override
    JdbcHistory.Config config(Duration age, long events) {
        return new JdbcHistory.Config(url(), true, "*", age, events, Duration.ofSeconds(5), 1 << 20, true);
    }

    @Override
    Node node(JdbcHistory.Config config, int logEvents) {
        return new Node(
                config,
                logEvents,
                RedisCluster.connect(
                        new ClusterConfig(
                                RedisAddress.parse(redis.url()),
                                "test",
                                null,
                                Duration.ofSeconds(5),
                                logEvents,
                                10_000 * 1_024,
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(5)),
                        Thread::new));
    }
}
