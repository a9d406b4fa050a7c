package dev.hubbub.cluster;

import dev.hubbub.hub.Secret;
import java.nio.charset.StandardCharsets;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * The secret that signs the sessions of clients, so that any node believes them. Without the setting {@code hubbub.cluster-secret},
 * the first node makes it, and the others read it from Redis.
 */
final class SharedSecret {
    private final ClusterConfig config;
    private volatile byte[] bytes;

    /**
     * @param first a connection, which is read at once, so that the other nodes believe also the sessions of this node's first
     *     clients; null if Redis is away: until {@link #share}, the secret is this node's alone
     */
    SharedSecret(ClusterConfig config, RedisConnection first) {
        this.config = config;
        String own = config.secret() == null ? Secret.next() + Secret.next() : config.secret();
        bytes = own.getBytes(StandardCharsets.UTF_8);
        if (first != null && config.secret() == null) {
            first.ask(Command.SETNX, key(), own);
            use(first.ask(Command.GET, key()));
        }
    }

    private String key() {
        return config.prefix() + ":secret";
    }

    private void use(Object shared) {
        if (shared != null) {
            bytes = (byte[]) shared;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    /** To be called when Redis is reachable again: it may have forgotten the secret, or be another Redis. */
    void share(CommandLink link) {
        if (config.secret() != null) {
            return;
        }
        String own = new String(bytes, StandardCharsets.UTF_8);
        link.submit(Call.of(() -> new CommandArguments(Command.SETNX).add(key()).add(own), reply -> {}));
        link.submit(Call.of(() -> new CommandArguments(Command.GET).add(key()), this::use));
    }
}
