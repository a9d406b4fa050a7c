package dev.hubbub.cluster;

import dev.hubbub.hub.Scheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Detects within about two seconds that a node has died which owes this one an answer. Its channel has no subscriber any more, which
 * Redis knows at once; missing heartbeats show it only after ten seconds.
 */
final class NodeWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final RedisCluster cluster;
    private final Supplier<Set<String>> nodes;
    private final Consumer<String> gone;
    private final AtomicBoolean asking = new AtomicBoolean();
    /** Nodes that had no subscription at the last check; such a node may be reconnecting. Used only by the link's thread. */
    private Set<String> silent = Set.of();

    NodeWatch(RedisCluster cluster, Supplier<Set<String>> nodes, Consumer<String> gone) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.gone = gone;
    }

    void start(Scheduler scheduler) {
        scheduler.repeat("listening nodes", INTERVAL, this::look);
    }

    private void look() {
        Set<String> awaited = nodes.get();
        if (awaited.isEmpty() || !asking.compareAndSet(false, true)) {
            return;
        }
        CommandArguments arguments = new CommandArguments(Command.PUBSUB).add("NUMSUB");
        awaited.forEach(node -> arguments.add(cluster.key("n:" + node)));
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return arguments;
            }

            @Override
            boolean mayRepeat() {
                return false;
            }

            @Override
            void replied(Object reply) {
                asking.set(false);
                look((List<?>) reply);
            }

            @Override
            void failed(RuntimeException failure) {
                asking.set(false);
                silent = Set.of();
            }
        });
    }

    /** @param listeners names of channels and their numbers of subscribers, alternately */
    private void look(List<?> listeners) {
        int prefix = cluster.key("n:").length();
        Set<String> now = new HashSet<>();
        for (int i = 0; i + 1 < listeners.size(); i += 2) {
            if (Long.valueOf(0).equals(listeners.get(i + 1))) {
                now.add(RedisConnection.text(listeners.get(i)).substring(prefix));
            }
        }
        Set<String> twice = new HashSet<>(now);
        twice.retainAll(silent);
        silent = now;
        twice.forEach(gone);
    }
}
