package dev.hubbub.app;

import dev.hubbub.access.Networks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the client's own address behind proxies. Each proxy appends the address that it has received the request from. The
 * header is therefore read from its end, as long as the address found so far is a trusted proxy; a client may have forged
 * everything before.
 */
public final class TrustedProxies {
    /** The parameter {@code for} (RFC 7239, section 4): {@code for=192.0.2.60;proto=http, for="[2001:db8::1]:4711"}. */
    private static final Pattern FOR = Pattern.compile("(?i)\\bfor=\"?([^\";,\\s]+)");

    private static final Pattern PORT = Pattern.compile("\\[(.*)](:\\d+)?|([^:]*):\\d+");

    private final Networks networks;

    private TrustedProxies(Networks networks) {
        this.networks = networks;
    }

    /** @throws IllegalArgumentException if an entry is neither an address nor a network */
    public static TrustedProxies parse(String list) {
        return new TrustedProxies(Networks.parse(list));
    }

    /**
     * The address of the client, or {@code unknown}.
     *
     * @param socket the remote address of the socket; null or empty if the container does not tell it
     * @param headers returns the values of a header; an empty list if it is missing
     */
    public String clientAddress(String socket, Function<String, List<String>> headers) {
        if (socket == null || socket.isEmpty()) {
            return "unknown";
        }
        String client = socket;
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
        }
        return client;
    }

    /**
     * The host that the browser sent the request to, with its port; null if unknown.
     *
     * @param socket as for {@link #clientAddress}
     * @param header returns the first value of a header, or null
     */
    public String host(String socket, UnaryOperator<String> header) {
        String forwarded = header.apply("X-Forwarded-Host");
        return forwarded != null && networks.contains(socket) ? forwarded : header.apply("Host");
    }

    /** Whether the forwarding headers of a request from this address are trusted. */
    boolean trusts(String address) {
        return networks.contains(address);
    }

    private static List<String> hops(Function<String, List<String>> headers) {
        List<String> hops = new ArrayList<>();
        for (String line : headers.apply("Forwarded")) {
            Matcher matcher = FOR.matcher(line);
            while (matcher.find()) {
                hops.add(withoutPort(matcher.group(1)));
            }
        }
        if (hops.isEmpty()) {
            for (String line : headers.apply("X-Forwarded-For")) {
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
