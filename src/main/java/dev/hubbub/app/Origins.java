package dev.hubbub.app;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whose pages may talk to this server. A browser lets any page open a WebSocket to anywhere, with the cookies of there; it
 * is for the server to look at the {@code Origin} (RFC 6455, section 10.2).
 */
public final class Origins {
    private static final String ANY = "*";
    private static final String ANY_SUBDOMAIN = "://*.";

    private final List<String> allowed;

    private Origins(List<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * @param list {@code https://app.example, https://*.example.org, *}
     * @throws IllegalArgumentException if an entry is no origin
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
            throw new IllegalArgumentException(entry + " is no origin like https://app.example");
        }
        return normal(entry);
    }

    /**
     * @param origin as the browser says it; null if it is no browser, or no page of another site
     * @param host what the request was for, with its port; null if it does not say
     */
    public boolean allows(String origin, String host) {
        if (origin == null || allowed.contains(ANY)) {
            return true;
        }
        String normal = normal(origin);
        return isSame(normal, host) || allowed.stream().anyMatch(entry -> fits(entry, normal));
    }

    /** The scheme is not compared: it is https outside and http here behind a proxy that ends TLS. */
    private static boolean isSame(String origin, String host) {
        int scheme = origin.indexOf("://");
        return host != null
                && scheme > 0
                && normal(origin.substring(0, scheme + 3) + host).equals(origin);
    }

    private static boolean fits(String entry, String origin) {
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

    /** In lower case, without the port that the scheme has anyhow. */
    private static String normal(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://") && lower.endsWith(":443")) {
            return lower.substring(0, lower.length() - 4);
        }
        return lower.startsWith("http://") && lower.endsWith(":80") ? lower.substring(0, lower.length() - 3) : lower;
    }
}
