package dev.hubbub.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** One connection to the present master. One thread reads; whoever writes holds a lock of the owner's. */
final class RedisConnection extends Connection {
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private RedisConnection(HostAndPort host, JedisClientConfig config) {
        super(host, config);
    }

    /**
     * Connects to the server, or to the master that the sentinels name.
     *
     * @param silence how long the server may be silent when something is read
     * @throws JedisException if that fails
     */
    static RedisConnection open(RedisAddress address, String name, Duration silence) {
        HostAndPort host = address.master() == null ? address.hosts().get(0) : master(address);
        var config = config(address.tls(), silence).database(address.database()).clientName(name);
        if (address.password() != null) {
            config.user(address.user()).password(address.password());
        }
        return new RedisConnection(host, config.build());
    }

    private static DefaultJedisClientConfig.Builder config(boolean tls, Duration silence) {
        return DefaultJedisClientConfig.builder()
                .resp2()
                .autoNegotiateProtocol(false)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .sslOptions(tls ? SslOptions.defaults() : null)
                .connectionTimeoutMillis(CONNECT_TIMEOUT_MS)
                .socketTimeoutMillis((int) silence.toMillis());
    }

    private static HostAndPort master(RedisAddress address) {
        JedisException last = new JedisConnectionException("no sentinel knows " + address.master());
        for (HostAndPort sentinel : address.hosts()) {
            try (RedisConnection asked = new RedisConnection(
                    sentinel,
                    config(address.tls(), Duration.ofMillis(CONNECT_TIMEOUT_MS)).build())) {
                Object answer = asked.ask(Command.SENTINEL, "get-master-addr-by-name", address.master());
                if (answer instanceof List<?> parts && parts.size() == 2) {
                    return new HostAndPort(text(parts.get(0)), Integer.parseInt(text(parts.get(1))));
                }
            } catch (JedisException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Sends one command and returns its reply. */
    Object ask(Command command, String... arguments) {
        sendCommand(command, arguments);
        return getOne();
    }

    /** What has been written is sent. */
    void send() {
        flush();
    }

    /** A master's life: no other master, and no other run of this one, has the same. */
    String term() {
        String replication = text(ask(Command.INFO, "replication"));
        if (!"master".equals(value(replication, "role"))) {
            throw new JedisConnectionException(getHostAndPort() + " is a replica");
        }
        String server = text(ask(Command.INFO, "server"));
        return value(replication, "master_replid").substring(0, 16)
                + value(server, "run_id").substring(0, 16);
    }

    static String value(String info, String field) {
        int start = info.indexOf("\n" + field + ":");
        if (start < 0) {
            return "";
        }
        int end = info.indexOf('\r', start);
        return info.substring(start + field.length() + 2, end < 0 ? info.length() : end);
    }

    static String text(Object bytes) {
        return bytes == null ? null : new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    /** What a failure says: the deepest cause that says anything. */
    static String reason(Throwable failure) {
        String reason = failure.getClass().getSimpleName();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                reason = cause.getMessage();
            }
            if (cause.getCause() == null && cause.getSuppressed().length > 0) {
                return reason + " (" + cause.getSuppressed()[0].getMessage() + ")";
            }
        }
        return reason;
    }

    /** Whether a failure means that user name, password or permissions are wrong, which waiting does not mend. */
    static boolean isRefusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof JedisDataException
                    && message != null
                    && message.matches("(?s)(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|ERR DB index).*")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        try {
            forceDisconnect();
        } catch (java.io.IOException e) {
            throw new JedisConnectionException(e);
        }
    }
}
