package dev.hubbub.cluster;

import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.TestHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Nodes of a cluster in this JVM. */
final class TestCluster implements AutoCloseable {
    private final RedisServer redis;
    private final Duration patience;
    private final List<Node> nodes = new ArrayList<>();

    /** A node, and the cluster as it sees it. */
    record Node(LocalHub hub, RedisCluster cluster) {}

    TestCluster(RedisServer redis, Duration patience) {
        this.redis = redis;
        this.patience = patience;
    }

    static ClusterConfig config(String url, Duration patience) {
        return new ClusterConfig(
                RedisAddress.parse(url),
                "test",
                null,
                patience,
                10_000,
                10_000 * 1_024,
                Duration.ofMinutes(2),
                Duration.ofSeconds(5));
    }

    Node start() {
        return start(new TestHub());
    }

    Node start(TestHub settings) {
        RedisCluster cluster = (RedisCluster) RedisCluster.connect(config(redis.url(), patience), Thread::new);
        Node node = new Node(settings.start(cluster), cluster);
        nodes.add(node);
        return node;
    }

    void stop(Node node) {
        nodes.remove(node);
        node.hub.stop(Duration.ZERO, Duration.ZERO);
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.hub.stop(Duration.ZERO, Duration.ZERO));
    }
}
