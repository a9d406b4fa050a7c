package dev.hubbub.cluster;

import dev.hubbub.hub.ClusterSessions;
import dev.hubbub.hub.Session;
import dev.hubbub.hub.SessionJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;

/**
 * What Socket.IO clients need to return to any node, in Redis: rooms, positions and attributes. It is written when a client
 * connects and when its rooms change, so that it outlives the node, and once a minute, with the attributes of that time.
 */
final class KeptSessions {
    private final RedisCluster cluster;
    private final String namespace;
    /** Returns what Redis has of a client that is connected to this node; null if it is not. */
    private final Function<String, String> present;

    private final Map<String, Kept> connected = new ConcurrentHashMap<>();

    KeptSessions(RedisCluster cluster, String namespace, Function<String, String> present) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.present = present;
    }

    private record Kept(String id, String secret, Supplier<Session> state, AtomicBoolean scheduled) {}

    private String key(String id, String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((namespace + "\n" + id + "." + secret).getBytes(StandardCharsets.UTF_8));
            return cluster.key("pid:" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }

    private static String user(String name) {
        return name == null
                ? "-"
                : "u" + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Changes of a client within a moment are written once. Does not block. */
    void keep(String id, String secret, Supplier<Session> state) {
        if (present.apply(id) != null) {
            // After a client has been elsewhere, an earlier form of it may still be known.
            connected.compute(
                    id,
                    (known, earlier) ->
                            new Kept(id, secret, state, earlier == null ? new AtomicBoolean() : earlier.scheduled));
            write(id);
        }
    }

    void renewAll() {
        connected.keySet().forEach(this::write);
    }

    private void write(String id) {
        Kept scheduled = connected.get(id);
        if (scheduled == null || !scheduled.scheduled.compareAndSet(false, true)) {
            return;
        }
        Runnable writing = () -> {
            scheduled.scheduled.set(false);
            String own = present.apply(id);
            Kept kept = connected.get(id);
            if (own != null && kept != null) {
                write(kept.state.get(), own, Duration.ofMillis(RedisSessions.LIFE_MS));
            }
        };
        cluster.complete(writing); // the application's values may take long
    }

    /** The client is one of another node now. */
    void released(String id) {
        connected.remove(id);
    }

    /** The client is lost, and may return for a time. */
    void lost(Session session, Duration life) {
        connected.remove(session.id());
        String own = present.apply(session.id());
        if (own != null) {
            cluster.complete(() -> write(session, own, life));
        }
    }

    private void write(Session session, String own, Duration life) {
        String value = cluster.node() + " " + user(session.user()) + "\n" + SessionJson.write(session);
        submit(session.id(), session.secret(), own, value, life);
    }

    void forget(String id, String secret) {
        String own = present.apply(id);
        if (connected.remove(id) != null && own != null) {
            submit(id, secret, own, "", Duration.ZERO);
        }
    }

    private void submit(String id, String secret, String own, String value, Duration life) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String kept = key(id, secret);
        cluster.link()
                .submit(Call.of(
                        () -> Call.script(Script.PID_KEEP, 2)
                                .add(kept)
                                .add(cluster.clientKey(id))
                                .add(own)
                                .add(bytes)
                                .add(life.toMillis()),
                        reply -> {}));
    }

    CompletionStage<ClusterSessions.Kept> take(String id, String secret, String user) {
        CompletableFuture<ClusterSessions.Kept> result = new CompletableFuture<>();
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return script(Script.PID_TAKE, 2)
                        .add(key(id, secret))
                        .add(cluster.clientKey(id))
                        .add(user(user))
                        .add(cluster.node())
                        .add(RedisSessions.LIFE_MS)
                        .add(cluster.key("n:"))
                        .add("released\n" + namespace + "\n" + id);
            }

            @Override
            boolean mayRepeat() {
                return false;
            }

            @Override
            void replied(Object reply) {
                List<?> parts = (List<?>) reply;
                if (parts.isEmpty()) {
                    end(null);
                    return;
                }
                int generation = ((Long) parts.get(1)).intValue();
                boolean here = cluster.node().equals(RedisConnection.text(parts.get(0)));
                String json = RedisConnection.text(parts.get(2));
                cluster.complete(() -> {
                    try {
                        result.complete(
                                new ClusterSessions.Kept(SessionJson.read(id, secret, user, json), here, generation));
                    } catch (RuntimeException malformed) {
                        cluster.problems().malformed("pid", malformed);
                        result.complete(null);
                    }
                });
            }

            @Override
            void failed(RuntimeException failure) {
                end(null);
            }

            private void end(ClusterSessions.Kept kept) {
                cluster.complete(() -> result.complete(kept));
            }
        });
        return result;
    }
}
