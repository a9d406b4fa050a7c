package dev.hubbub.app;

import java.net.IDN;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names by which clients may address this server. The owner of a name can have it resolve to the address of this server after
 * a browser has loaded a page from it (DNS rebinding). For the browser, that page and this server then have the same origin; only
 * the header {@code Host} shows that the page is another one's.
 */
final class Hosts {
    private static final String ANY = "*";
    private static final String ANY_SUBDOMAIN = "*.";

    private static final Pattern ENTRY =
            Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+]|" + Pattern.quote(ANY));

    /** The header (RFC 9110, section 7.2), where a name may end with the dot of the root domain. */
    private static final Pattern HOST = Pattern.compile("(\\[[^]]*]|[^:]*?)\\.?(:\\d*)?");

    /** The names that resolve to this machine on every machine, so that no page of somebody else can have them. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names;
    private final List<String> domains;

    private Hosts(Set<String> names) {
        this.names = Set.copyOf(names);
        this.domains = names.stream()
                .filter(name -> name.startsWith(ANY_SUBDOMAIN))
                .map(name -> name.substring(1))
                .toList();
    }

    /**
     * @param list names without ports, separated by commas or blanks: {@code chat.example, *.example.org, [2001:db8::1]}; {@code
     *     *} for any; empty for any except on a loopback address
     * @throws IllegalArgumentException if an entry is not a name
     */
    static Hosts parse(String list) {
        Set<String> names = new HashSet<>();
        for (String entry : list.split("[,\\s]+")) {
            if (!entry.isEmpty()) {
                String name = entry.startsWith("[") || entry.startsWith(ANY)
                        ? entry
                        : IDN.toASCII(entry, IDN.ALLOW_UNASSIGNED);
                String lower = name.toLowerCase(Locale.ROOT);
                if (!ENTRY.matcher(lower).matches()) {
                    throw new IllegalArgumentException(entry + " is not a host name without a port");
                }
                names.add(lower);
            }
        }
        return new Hosts(names);
    }

    /** Whether all names are accepted. */
    boolean acceptsAny() {
        return names.contains(ANY);
    }

    /**
     * Whether a request may name this host.
     *
     * @param host the header {@code Host}; null or empty if there is none, so that the client is not a browser
     * @param isLocal whether it came over a loopback address, and not from a proxy
     */
    boolean accept(String host, boolean isLocal) {
        if (host == null || host.isEmpty() || acceptsAny() || (names.isEmpty() && !isLocal)) {
            return true;
        }
        Matcher parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        String name = parts.group(1);
        return names.contains(name)
                || (isLocal && LOOPBACK.contains(name))
                || domains.stream().anyMatch(domain -> name.endsWith(domain) && name.length() > domain.length());
    }
}
