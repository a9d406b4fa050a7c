package dev.hubbub.cluster;

import dev.hubbub.hub.ClusterSessions;
import dev.hubbub.hub.Secret;
import dev.hubbub.hub.Session;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redis.clients.jedis.CommandArguments;

/**
 * Sessions that return to any node. A secret is {@code <generation>.<HMAC>.<node>}: every node verifies it without asking. The
 * generation that counts is in Redis, and expires three minutes after its last renewal. The node is that of the session, for the
 * requests that reach another one.
 */
final class RedisSessions implements ClusterSessions {
    static final long LIFE_MS = 180_000;
    private static final int MAX_RENEWED = 256;
    private static final int HMAC_BYTES = 18;
    private static final Pattern SECRET = Pattern.compile("([0-9]{1,9})\\.([A-Za-z0-9_-]{24})\\.[A-Za-z0-9_-]{11}");

    private final RedisCluster cluster;
    private final String namespace;
    /** The generations of the clients that are connected to this node. */
    private final Map<String, Integer> mine = new ConcurrentHashMap<>();

    private final KeptSessions kept;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    RedisSessions(RedisCluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        kept = new KeptSessions(cluster, namespace, id -> {
            Integer generation = mine.get(id);
            return generation == null ? null : value(generation);
        });
    }

    private String key(String id) {
        return cluster.clientKey(id);
    }

    private String hmac(String id, int generation, String user) {
        String signed = String.join(
                "\n",
                cluster.config().prefix(),
                namespace,
                id,
                String.valueOf(generation),
                user == null ? "anonymous" : "user " + user);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(cluster.secret(), "HmacSHA256"));
            byte[] hash = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HMAC_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has HmacSHA256
        }
    }

    @Override
    public String secret(String id, String user) {
        admitted(id);
        int generation = mine.getOrDefault(id, 1);
        return generation + "." + hmac(id, generation, user) + "." + cluster.node();
    }

    @Override
    public void admitted(String id) {
        if (mine.putIfAbsent(id, 1) == null) {
            renew(List.of(id));
        }
    }

    /** What Redis has of a client of this node. */
    private String value(int generation) {
        return generation + " " + cluster.node();
    }

    @Override
    public CompletionStage<Boolean> take(String id, String secret, String user) {
        Matcher parts = SECRET.matcher(secret);
        if (!parts.matches()) {
            return CompletableFuture.completedFuture(false);
        }
        int generation = Integer.parseInt(parts.group(1));
        if (!Secret.isSame(hmac(id, generation, user), parts.group(2))) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        take(id, generation, taken);
        return taken;
    }

    private void take(String id, int generation, CompletableFuture<Boolean> taken) {
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return script(Script.SESSION_TAKE, 1)
                        .add(key(id))
                        .add(generation)
                        .add(cluster.node())
                        .add(LIFE_MS)
                        .add(cluster.key("n:"))
                        .add("released\n" + namespace + "\n" + id);
            }

            @Override
            boolean mayRepeat() {
                return false;
            }

            @Override
            void replied(Object reply) {
                long result = (Long) reply;
                if (result == 1) {
                    mine.put(id, generation + 1);
                }
                taken.complete(result < 0 ? null : result == 1);
            }

            @Override
            void failed(RuntimeException failure) {
                taken.complete(null);
            }
        });
    }

    @Override
    public void retake(String id, String secret) {
        Matcher parts = SECRET.matcher(secret);
        if (parts.matches()) {
            int generation = Integer.parseInt(parts.group(1));
            mine.put(id, generation + 1);
            take(id, generation, new CompletableFuture<>());
        }
    }

    @Override
    public void ended(String id, boolean mayReturn) {
        Integer generation = mine.remove(id);
        if (generation != null && !mayReturn) {
            cluster.link()
                    .submit(Call.of(
                            () -> Call.script(Script.DELETE_OWN, 1).add(key(id)).add(value(generation)), reply -> {}));
        }
    }

    @Override
    public void keep(String id, String pid, Supplier<Session> state) {
        kept.keep(id, pid, state);
    }

    @Override
    public void lost(Session session, Duration life) {
        kept.lost(session, life);
    }

    @Override
    public void forget(String id, String pid) {
        kept.forget(id, pid);
    }

    @Override
    public CompletionStage<Kept> takeKept(String id, String pid, String user) {
        return kept.take(id, pid, user);
    }

    @Override
    public void returned(Kept taken) {
        mine.put(taken.session().id(), taken.generation());
    }

    @Override
    public void onReleased(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Another node has taken over a client. Late news of an earlier form are ignored: the client may have come back since. */
    void released(String id, int generation) {
        Integer present = mine.get(id); // null if it was lost here, and may still return
        if (present == null || present <= generation) {
            mine.remove(id);
            kept.released(id);
            listeners.forEach(listener -> listener.accept(id));
        }
    }

    /** Lets the sessions of this node live on. */
    void renewAll() {
        kept.renewAll();
        List<String> ids = new ArrayList<>(mine.keySet());
        for (int start = 0; start < ids.size(); start += MAX_RENEWED) {
            renew(ids.subList(start, Math.min(ids.size(), start + MAX_RENEWED)));
        }
    }

    private void renew(List<String> ids) {
        cluster.link()
                .submit(Call.of(
                        () -> {
                            Map<String, Integer> present = new LinkedHashMap<>();
                            for (String id : ids) {
                                Integer generation = mine.get(id);
                                if (generation != null) { // otherwise it has disconnected meanwhile
                                    present.put(id, generation);
                                }
                            }
                            CommandArguments arguments = Call.script(Script.SESSION_RENEW, present.size());
                            present.keySet().forEach(id -> arguments.add(key(id)));
                            arguments.add(LIFE_MS);
                            present.values().forEach(generation -> arguments.add(value(generation)));
                            return arguments;
                        },
                        reply -> {}));
    }
}
