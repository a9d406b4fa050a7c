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

    /**
     * Whether a request may connect. Requests to the same host are always allowed.
     *
     * @param origin the header {@code Origin}; null if there is none, so the client is not a browser or the page is from this
     *     host
     * @param host the host that the request was sent to, with its port; null if unknown
     */
    public boolean allows(String origin, String host) {
        if (origin == null || allowed.contains(ANY)) {
            return true;
        }
        String normal = normal(origin);
        return isSameHost(normal, host) || allowed.stream().anyMatch(entry -> matches(entry, normal));
    }

    /** Does not compare the scheme: behind a proxy that terminates TLS, the page has https and this server http. */
    private static boolean isSameHost(String origin, String host) {
        int scheme = origin.indexOf("://");
        return host != null
                && scheme > 0
                && normal(origin.substring(0, scheme + 3) + host).equals(origin);
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
