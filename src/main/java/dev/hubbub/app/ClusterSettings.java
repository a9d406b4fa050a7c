package dev.hubbub.app;

import dev.hubbub.cluster.ClusterConfig;
import dev.hubbub.cluster.ExchangingCluster;
import dev.hubbub.cluster.RedisAddress;
import dev.hubbub.cluster.RedisCluster;
import dev.hubbub.hub.Cluster;
import dev.hubbub.hub.HubConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;

/**
 * The settings of a node of a cluster.
 *
 * @param url null if this server is alone
 * @param secret empty for a random one
 * @param readiness whether the health check depends on Redis
 * @param socketIo whether Node's Socket.IO servers share the rooms
 */
public record ClusterSettings(
        String url, String prefix, String secret, Duration patience, boolean readiness, boolean socketIo) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int LEAST_SECRET = 32;

    static ClusterSettings read(Values values, Duration patience, boolean readiness, boolean socketIo) {
        String url = values.text(Setting.CLUSTER).strip();
        String prefix = values.text(Setting.CLUSTER_PREFIX).strip();
        String secret = values.text(Setting.CLUSTER_SECRET).strip();
        if (!PREFIX.matcher(prefix).matches()) {
            throw Setting.CLUSTER_PREFIX.invalid(prefix, null);
        }
        if (!secret.isEmpty() && secret.length() < LEAST_SECRET) {
            throw Setting.CLUSTER_SECRET.invalid("***", null);
        }
        if (!url.isEmpty()) {
            requireShared(values.text(Setting.HISTORY).strip());
            try {
                RedisAddress.parse(url);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("hubbub.cluster is invalid: " + e.getMessage(), e);
            }
        }
        return new ClusterSettings(url.isEmpty() ? null : url, prefix, secret, patience, readiness, socketIo);
    }

    /** A database in the process, or in its files, is not that of the other nodes. */
    private static void requireShared(String history) {
        String database = history.toLowerCase(Locale.ROOT);
        boolean served = database.startsWith("jdbc:h2:tcp:")
                || database.startsWith("jdbc:h2:ssl:")
                || database.contains("auto_server=true");
        if (database.startsWith("jdbc:h2:") && !served) {
            throw new IllegalArgumentException(
                    "hubbub.history: the nodes of a cluster need one database, and H2 in a file or in memory is that of one process");
        }
    }

    /**
     * Connects to the cluster; null if this server is alone, and then nothing of a cluster is loaded.
     *
     * @throws IllegalArgumentException if Redis refuses the connection
     */
    Cluster connect(HubConfig config, ThreadFactory threads) {
        if (url == null) {
            return null;
        }
        try {
            ClusterConfig cluster = new ClusterConfig(
                    RedisAddress.parse(url),
                    prefix,
                    secret.isEmpty() ? null : secret,
                    patience,
                    config.logEvents(),
                    config.logBytes(),
                    config.logAge(),
                    config.grace());
            return socketIo ? ExchangingCluster.connect(cluster, threads) : RedisCluster.connect(cluster, threads);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("hubbub.cluster: " + refused.getMessage(), refused);
        }
    }

    /** Without the secret and the URL, which may contain a password. */
    @Override
    public String toString() {
        return "cluster " + prefix;
    }
}
