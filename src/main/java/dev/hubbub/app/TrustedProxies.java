package dev.hubbub.app;

import dev.hubbub.access.Networks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the client's own address behind proxies. Each proxy appends the address that it has received the request from. The
 * header is therefore read from its end, as long as the address found so far is a trusted proxy; a client may have forged
 * everything before.
 */
public final class TrustedProxies {
    private static final Pattern PORT = Pattern.compile("\\[(.*)](:\\d+)?|([^:]*):\\d+");

    private static final Pattern PATH = Pattern.compile("/[\\w./~%-]{0,1000}");
    private static final Pattern TRAILING_SLASHES = Pattern.compile("/+$");

    static final String X_FORWARDED_FOR = "X-Forwarded-For";
    static final String FORWARDED = "Forwarded";

    private final Networks networks;
    private final String header;

    private TrustedProxies(Networks networks, String header) {
        this.networks = networks;
        this.header = header;
    }

    /**
     * @param header the header to which the proxies append addresses. Other headers are not read: a proxy passes on those that it
     *     does not set itself, and a client may have forged them.
     * @throws IllegalArgumentException if an entry of the list is neither an address nor a network
     */
    static TrustedProxies parse(String list, String header) {
        return new TrustedProxies(Networks.parse(list), header);
    }

    /**
     * The address of a client.
     *
     * @param text {@code unknown} if the container hides it
     * @param forwarded whether a proxy has told it; otherwise it is that of the connection
     */
    record ClientAddress(String text, boolean forwarded) {}

    /**
     * Finds the address of the client.
     *
     * @param socket the remote address of the socket; null or empty if the container does not tell it
     * @param headers returns the values of a header; an empty list if it is missing
     */
    ClientAddress clientAddress(String socket, Function<String, List<String>> headers) {
        if (socket == null || socket.isEmpty()) {
            return new ClientAddress("unknown", false);
        }
        String client = socket;
        boolean forwarded = false;
        List<String> hops = hops(headers);
        Collections.reverse(hops);
        for (String hop : hops) {
            if (!networks.contains(client)) {
                break;
            }
            if (!Networks.isAddress(hop)) {
                break; // "unknown", an obfuscated identifier (RFC 7239, section 6), or invalid
            }
            client = hop;
            forwarded = true;
        }
        return new ClientAddress(Networks.canonical(client), forwarded);
    }

    /** Where the browser sent the request to. A trusted proxy tells it by {@code X-Forwarded-Host} and {@code X-Forwarded-Proto}. */
    Origins.Target target(HandshakeRequest request) {
        boolean trusted = networks.contains(request.socketAddress());
        String host = trusted ? request.header("X-Forwarded-Host") : null;
        String scheme = trusted ? request.header("X-Forwarded-Proto") : null;
        return new Origins.Target(
                host == null ? request.header("Host") : host,
                scheme == null ? request.isSecure() : scheme.equalsIgnoreCase("https"));
    }

    /**
     * The path of Hubbub for browsers. A trusted proxy that forwards another path tells it by {@code X-Forwarded-Prefix}.
     *
     * @param contextPath the path at this server
     */
    String path(HandshakeRequest request, String contextPath) {
        String prefix = networks.contains(request.socketAddress()) ? request.header("X-Forwarded-Prefix") : null;
        return prefix != null && PATH.matcher(prefix).matches()
                ? TRAILING_SLASHES.matcher(prefix).replaceFirst("")
                : contextPath;
    }

    /** Whether a trusted proxy has forwarded the request, and not sent it itself. */
    boolean hasForwarded(HandshakeRequest request) {
        return networks.contains(request.socketAddress()) && request.header(header) != null;
    }

    /** Whether the forwarding headers of a request from this address are trusted. */
    boolean trusts(String address) {
        return networks.contains(address);
    }

    private List<String> hops(Function<String, List<String>> headers) {
        List<String> hops = new ArrayList<>();
        for (String line : headers.apply(header)) {
            if (header.equals(FORWARDED)) {
                ForwardedHeader.clients(line).forEach(client -> hops.add(withoutPort(client)));
            } else {
                Arrays.stream(line.split(","))
                        .map(String::strip)
                        .map(TrustedProxies::withoutPort)
                        .forEach(hops::add);
            }
        }
        return hops;
    }

    private static String withoutPort(String hop) {
        Matcher matcher = PORT.matcher(hop);
        if (!matcher.matches()) {
            return hop;
        }
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(3);
    }
}
