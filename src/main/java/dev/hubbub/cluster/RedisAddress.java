package dev.hubbub.cluster;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is, as {@code hubbub.cluster} says: {@code redis://[user:password@]host[:port][/db]}, {@code rediss://...} for TLS,
 * or {@code redis+sentinel://a:26379,b:26379/master} ({@code rediss+sentinel} if the servers, and the sentinels, use TLS). User
 * name and password are those of the servers; they may be percent-encoded.
 *
 * @param hosts the server, or the sentinels
 * @param master the name by which the sentinels know the master; null without Sentinel
 */
public record RedisAddress(
        List<HostAndPort> hosts, String master, boolean tls, String user, String password, int database) {
    private static final int PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    private static final Pattern URL =
            Pattern.compile("(rediss?)(\\+sentinel)?://(?:([^@/]*)@)?([^/@]+)(?:/([^/]*))?/?");

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+)(?::([0-9]{1,5}))?");

    /** @throws IllegalArgumentException if it is not such an address; the message does not contain the password */
    public static RedisAddress parse(String url) {
        Matcher parts = URL.matcher(url.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be redis://[user:password@]host[:port][/db], rediss://... or "
                    + "redis+sentinel://host:port,host:port/master");
        }
        boolean sentinel = parts.group(2) != null;
        List<HostAndPort> hosts = Stream.of(parts.group(4).split(",", -1))
                .map(host -> host(host.strip(), sentinel ? SENTINEL_PORT : PORT))
                .toList();
        if (!sentinel && hosts.size() > 1) {
            throw new IllegalArgumentException("several hosts are sentinels: write redis+sentinel://");
        }
        String path = parts.group(5) == null ? "" : parts.group(5);
        if (sentinel && path.isEmpty()) {
            throw new IllegalArgumentException("the name of the master is missing: redis+sentinel://host:port/master");
        }
        String[] login = parts.group(3) == null ? new String[0] : parts.group(3).split(":", 2);
        String user = login.length > 0 ? decoded(login[0]) : "";
        return new RedisAddress(
                hosts,
                sentinel ? decoded(path) : null,
                parts.group(1).equals("rediss"),
                user.isEmpty() ? null : user,
                login.length > 1 ? decoded(login[1]) : null,
                sentinel || path.isEmpty() ? 0 : database(path));
    }

    private static HostAndPort host(String text, int port) {
        Matcher parts = HOST.matcher(text);
        int number = parts.matches() && parts.group(2) != null ? Integer.parseInt(parts.group(2)) : port;
        if (!parts.matches() || number < 1 || number > 65_535) {
            throw new IllegalArgumentException("a host or port is malformed"); // text might be part of a password
        }
        return new HostAndPort(parts.group(1).replaceAll("[\\[\\]]", ""), number);
    }

    private static int database(String path) {
        if (!path.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("after the host there must be the number of a database, or nothing");
        }
        return Integer.parseInt(path);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("user name, password or master contain a % that begins no escape");
        }
    }

    /** Without user name and password. */
    @Override
    public String toString() {
        String at = String.join(",", hosts.stream().map(HostAndPort::toString).toList());
        return (tls ? "rediss" : "redis")
                + (master == null
                        ? "://" + at + (database == 0 ? "" : "/" + database)
                        : "+sentinel://" + at + "/" + master);
    }
}
