package dev.hubbub.app;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The origins whose pages may connect. A browser lets any page open a WebSocket to any server and sends the cookies of that
 * server, so the server must check the header {@code Origin} (RFC 6455, section 10.2).
 */
public final class Origins {
    private static final String ANY = "*";
    private static final String ANY_SUBDOMAIN = "://*.";

    private final List<String> allowed;

    private Origins(List<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * @param list origins, separated by commas or blanks: {@code https://app.example, https://*.example.org}; {@code *} for
     *     any, {@code null} for pages without an origin
     * @throws IllegalArgumentException if an entry is not an origin
     */
    public static Origins parse(String list) {
        List<String> allowed = new ArrayList<>();
        for (String entry : list.split("[,\\s]+")) {
            if (!entry.isEmpty()) {
                allowed.add(entry.equals(ANY) || entry.equals("null") ? entry : checked(entry));
            }
        }
        return new Origins(List.copyOf(allowed));
    }

    private static String checked(String entry) {
        String plain = entry.replace(ANY_SUBDOMAIN, "://any.");
        URI uri = URI.create(plain);
        if (uri.getScheme() == null
                || uri.getHost() == null
                || !uri.getRawPath().isEmpty()
                || plain.contains(ANY)) {
            throw new IllegalArgumentException(entry + " is not an origin like https://app.example");
        }
        return normal(entry);
    }

    /** Whether all origins are allowed. */
    public boolean allowsAny() {
        return allowed.contains(ANY);
    }

    /**
     * Whether a request may connect. Requests to the same host are always allowed.
     *
     * @param origin the header {@code Origin}; null if there is none, so the client is not a browser or the page is from this
     *     host
     * @param target where the request was sent to
     */
    public boolean allows(String origin, Target target) {
        return origin == null || allowsAny() || allowsCredentials(origin, target);
    }

    /** Like {@link #allows}, but false if the origin is allowed only because all are. */
    public boolean allowsCredentials(String origin, Target target) {
        String normal = normal(origin);
        return isSame(normal, target) || allowed.stream().anyMatch(entry -> matches(entry, normal));
    }

    /**
     * Where a request was sent to.
     *
     * @param host with the port; null if unknown
     * @param isSecure whether the request was certainly sent over TLS; false if it was not, or if a proxy may have terminated TLS
     */
    public record Target(String host, boolean isSecure) {}

    /** A page of https may send requests to http, because a proxy may have terminated TLS; but not the other way round. */
    private static boolean isSame(String origin, Target target) {
        int scheme = origin.indexOf("://");
        return target.host() != null
                && scheme > 0
                && normal(origin.substring(0, scheme + 3) + target.host()).equals(origin)
                && !(target.isSecure() && origin.startsWith("http://"));
    }

    private static boolean matches(String entry, String origin) {
        int star = entry.indexOf(ANY_SUBDOMAIN);
        if (star < 0) {
            return entry.equals(origin);
        }
        String scheme = entry.substring(0, star + 3);
        String domain = entry.substring(star + ANY_SUBDOMAIN.length() - 1);
        return origin.length() > scheme.length() + domain.length()
                && origin.startsWith(scheme)
                && origin.endsWith(domain);
    }

    /** The origin in lower case, without the default port of its scheme. */
    private static String normal(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://") && lower.endsWith(":443")) {
            return lower.substring(0, lower.length() - 4);
        }
        return lower.startsWith("http://") && lower.endsWith(":80") ? lower.substring(0, lower.length() - 3) : lower;
    }
}
