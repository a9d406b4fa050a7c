package dev.hubbub.cluster;

import dev.hubbub.hub.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Which nodes live. Each sends a heartbeat; one that has been silent for {@link #SILENCE}, or has said that it stops, is claimed by
 * another, which removes its members. Only a node whose own heartbeats have succeeded for as long claims others, so that a Redis
 * that stood still makes nobody claim anybody.
 */
final class Membership {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final RedisCluster cluster;

    // Of the link's thread.
    private boolean known;
    private long beatingSince;
    private long beatAt;

    private final AtomicBoolean beating = new AtomicBoolean();
    /** Nodes whose members this one is removing. */
    private final Set<String> reaping = ConcurrentHashMap.newKeySet();

    private volatile List<String> live = List.of();
    private volatile long probedAt = System.nanoTime();
    private Scheduler scheduler;

    Membership(RedisCluster cluster) {
        this.cluster = cluster;
    }

    void start(Scheduler timer) {
        scheduler = timer;
        beat();
        timer.repeat("heartbeat", HEARTBEAT, this::beat);
        timer.repeat("probe", PROBE, this::probe);
    }

    /** The nodes that live, as far as this one knows. */
    List<String> live() {
        return live;
    }

    /** The subscription hears what this node publishes. */
    void probed() {
        probedAt = System.nanoTime();
    }

    private void probe() {
        if (!cluster.link().isAvailable() || !cluster.subscription().isConnected()) {
            probedAt = System.nanoTime();
        } else if (System.nanoTime() - probedAt > Subscription.SILENCE.toNanos()) {
            LOG.log(System.Logger.Level.WARNING, "The subscription is deaf; it is renewed");
            cluster.subscription().reconnect();
            probedAt = System.nanoTime();
        }
        cluster.probe();
    }

    /** This node stops. Others need not wait until it has been silent for long. */
    void leave() {
        submit(
                new CommandArguments(Command.ZADD)
                        .add(cluster.key("nodes"))
                        .add("XX")
                        .add(0)
                        .add(cluster.node()),
                reply -> {});
    }

    /** Sends a heartbeat, if the last one has been answered. Its answer also shows that Redis is back. */
    void beat() {
        if (!beating.compareAndSet(false, true)) {
            return;
        }
        long now = System.nanoTime();
        cluster.link()
                .submit(
                        new Simple(this::beaten, () -> {
                            beating.set(false);
                            beatingSince = 0;
                        }) {
                            @Override
                            boolean isProbe() {
                                return true;
                            }

                            @Override
                            CommandArguments arguments(String term) {
                                long steady = beatingSince == 0 ? 0 : now - beatingSince;
                                return script(Script.HEARTBEAT, 2)
                                        .add(cluster.key("nodes"))
                                        .add(cluster.key("dead"))
                                        .add(cluster.node())
                                        .add(SILENCE.toMillis())
                                        .add(steady > SILENCE.toNanos() ? "1" : "0")
                                        .add(known ? "1" : "0");
                            }
                        });
    }

    private void beaten(Object answer) {
        beating.set(false);
        List<?> reply = (List<?>) answer;
        long now = System.nanoTime();
        if (beatingSince == 0 || now - beatAt > 2 * HEARTBEAT.toNanos()) {
            beatingSince = now;
        }
        beatAt = now;
        if (known && (Long) reply.get(0) == 1) {
            cluster.reaped();
        }
        known = true;
        List<String> nodes = ((List<?>) reply.get(1))
                .stream().map(RedisConnection::text).sorted().toList();
        tellOfChanges(nodes);
        cluster.living(nodes);
        List<?> claimed = (List<?>) reply.get(2);
        for (int i = 0; i + 1 < claimed.size(); i += 2) {
            reap(RedisConnection.text(claimed.get(i)), Duration.ofMillis((Long) claimed.get(i + 1)));
        }
    }

    private void tellOfChanges(List<String> now) {
        if (!now.equals(live)) {
            live = now;
            LOG.log(System.Logger.Level.INFO, "The cluster has {0} nodes: {1}", now.size(), String.join(", ", now));
        }
    }

    private static void logEnd(String dead, Duration silence) {
        if (silence.isZero()) {
            LOG.log(System.Logger.Level.INFO, "Node {0} has stopped: its members are removed", dead);
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Node {0} has been silent for {1} ms: its members are removed",
                    dead,
                    silence.toMillis());
        }
    }

    /** @param silence zero if the node has stopped in order */
    private void reap(String dead, Duration silence) {
        Duration rest = cluster.config().grace().minus(silence);
        if (reaping.add(dead)) { // otherwise it takes longer than a claim holds
            logEnd(dead, silence);
        }
        removeMembers(dead, rest.toMillis() > 0, () -> {
            if (rest.toMillis() > 0) {
                scheduler.schedule("presence grace", rest, () -> removeMembers(dead, false, () -> forget(dead)));
            } else {
                forget(dead);
            }
        });
    }

    /** @param some whether those that may return stay for now */
    private void removeMembers(String dead, boolean some, Runnable then) {
        submit(new CommandArguments(Command.SMEMBERS).add(cluster.roomsOf(dead)), reply -> {
            List<?> rooms = (List<?>) reply;
            AtomicInteger left = new AtomicInteger(rooms.size());
            if (rooms.isEmpty()) {
                then.run();
            }
            for (Object room : rooms) {
                RoomKeys keys = RoomKeys.of(cluster.config().prefix(), RedisConnection.text(room));
                submit(
                        Call.script(Script.REAP, 4)
                                .add(keys.meta())
                                .add(keys.members())
                                .add(keys.counts())
                                .add(cluster.roomsOf(dead))
                                .add(dead)
                                .add(keys.room())
                                .add(keys.channel())
                                .add(cluster.config().presenceLimit())
                                .add(RoomKeys.META_MS)
                                .add(some ? "1" : "0")
                                .add(cluster.node() + " " + cluster.nextSequence()),
                        emptied -> {
                            if ((Long) emptied == 1) {
                                cluster.emptied(keys.room());
                            }
                            if (left.decrementAndGet() == 0) {
                                then.run();
                            }
                        });
            }
        });
    }

    private void forget(String dead) {
        reaping.remove(dead);
        submit(new CommandArguments(Command.ZREM).add(cluster.key("nodes")).add(dead), reply -> {});
        submit(new CommandArguments(Command.ZREM).add(cluster.key("dead")).add(dead), reply -> {});
    }

    private void submit(CommandArguments arguments, Consumer<Object> replied) {
        cluster.link().submit(new Simple(replied, () -> {}) {
            @Override
            CommandArguments arguments(String term) {
                return arguments;
            }
        });
    }

    private abstract static class Simple extends Call {
        private final Consumer<Object> replied;
        private final Runnable failed;

        Simple(Consumer<Object> replied, Runnable failed) {
            this.replied = replied;
            this.failed = failed;
        }

        @Override
        void replied(Object reply) {
            replied.accept(reply);
        }

        @Override
        void failed(RuntimeException failure) {
            failed.run();
        }
    }
}
