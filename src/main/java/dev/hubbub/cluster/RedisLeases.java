package dev.hubbub.cluster;

import dev.hubbub.hub.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;

/**
 * The leases of one namespace. Redis gives a lease to one node, for {@link #LIFE}; its node renews it more often. A node counts
 * that time from before it asks, and some less, so that it gives up a lease before another node can get it.
 */
final class RedisLeases implements Leases {
    private static final Duration LIFE = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(2);

    /** How often leases are renewed, or asked for. */
    static final Duration RENEWAL = Duration.ofSeconds(2);

    private static final int MAX_TOGETHER = 256;

    private final RedisCluster cluster;
    private final String namespace;
    private final Map<String, Held> leases = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    RedisLeases(RedisCluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    /** One for which this node competes. */
    private final class Held implements Lease {
        private final String key;
        /** By {@link System#nanoTime}; only valid if {@link #held}. */
        private volatile long until;

        private volatile boolean held;

        Held(String key) {
            this.key = key;
        }

        @Override
        public boolean isHeld() {
            return held && until - System.nanoTime() > 0;
        }

        @Override
        public void close() {
            if (leases.remove(key, this)) {
                release(this);
            }
        }
    }

    @Override
    public Lease compete(String name) {
        Held lease = new Held(cluster.key("lease:" + namespace + "\n" + name));
        leases.put(lease.key, lease);
        ask(List.of(lease));
        return lease;
    }

    @Override
    public void whenEmpty(String room, Runnable task) {
        cluster.redisBroker(namespace).ifPresent(broker -> broker.whenEmptied(room, task));
    }

    @Override
    public void onEmptied(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** This node has removed the last members of a room, which were on a node that is gone. */
    void emptied(String room) {
        listeners.forEach(listener -> listener.accept(room));
    }

    /** Called every {@link #RENEWAL}. */
    void renewAll() {
        List<Held> all = new ArrayList<>(leases.values());
        for (int start = 0; start < all.size(); start += MAX_TOGETHER) {
            ask(all.subList(start, Math.min(all.size(), start + MAX_TOGETHER)));
        }
    }

    /** The node stops: others get its leases at once. */
    void releaseAll() {
        leases.values().forEach(Held::close);
    }

    private void ask(List<Held> asked) {
        cluster.link().submit(new Call() {
            private long until;

            @Override
            CommandArguments arguments(String term) {
                until = System.nanoTime() + LIFE.minus(MARGIN).toNanos();
                CommandArguments arguments = script(Script.LEASE, asked.size());
                asked.forEach(lease -> arguments.add(lease.key));
                return arguments.add(cluster.node()).add(LIFE.toMillis());
            }

            @Override
            void replied(Object reply) {
                List<?> held = (List<?>) reply;
                for (int i = 0; i < asked.size(); i++) {
                    Held lease = asked.get(i);
                    lease.until = until;
                    lease.held = (Long) held.get(i) == 1;
                    if (leases.get(lease.key) == null) {
                        release(lease); // closed meanwhile
                    }
                }
            }

            @Override
            void failed(RuntimeException failure) {
                // asked for again soon; what is held is given up when its time is over
            }
        });
    }

    private void release(Held lease) {
        lease.held = false;
        cluster.link()
                .submit(Call.of(
                        () -> Call.script(Script.DELETE_OWN, 1).add(lease.key).add(cluster.node()), reply -> {}));
    }
}
