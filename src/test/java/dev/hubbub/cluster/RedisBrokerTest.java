package dev.hubbub.cluster;

import dev.hubbub.hub.Broker;
import dev.hubbub.hub.BrokerContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class RedisBrokerTest extends BrokerContract {
    private static RedisServer redis;
    private static TestCluster nodes;
    private static TestCluster.Node node;
    private static int namespaces;

    private Broker broker;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        nodes = new TestCluster(redis, Duration.ofSeconds(5));
        node = nodes.start();
    }

    @AfterAll
    static void stop() {
        nodes.close();
        redis.close();
    }

    @BeforeEach
    void namespace() {
        broker = node.cluster().broker("/test" + namespaces++, null);
    }

    @Override
    protected Broker broker() {
        return broker;
    }
}
