package dev.hubbub.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the client's own address behind proxies. Each proxy appends the address that it saw, so the header is read from
 * its end, for as long as the address read so far is a proxy that is trusted; what stands before could be anything.
 */
public final class TrustedProxies {
    /** Only literals: a name would be looked up by DNS, and a client could choose which. */
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    /** RFC 7239, section 4: {@code for=192.0.2.60;proto=http, for="[2001:db8::1]:4711"}. */
    private static final Pattern FOR = Pattern.compile("(?i)\\bfor=\"?([^\";,\\s]+)");

    private static final Pattern PORT = Pattern.compile("\\[(.*)](:\\d+)?|([^:]*):\\d+");

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    private record Network(byte[] address, int bits) {
        boolean has(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((other[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @throws IllegalArgumentException if an entry is no address and no network */
    public static TrustedProxies parse(String list) {
        List<Network> networks = new ArrayList<>();
        for (String entry : list.split("[,\\s]+")) {
            if (!entry.isEmpty()) {
                String[] parts = entry.split("/", 2);
                byte[] address = bytes(parts[0]);
                int bits = address == null ? -1 : parts.length == 1 ? 8 * address.length : Integer.parseInt(parts[1]);
                if (bits < 0 || bits > 8 * address.length) {
                    throw new IllegalArgumentException(entry + " is no address and no network");
                }
                networks.add(new Network(address, bits));
            }
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    /**
     * @param socket the address of the socket's other end; null or empty if the container hides it
     * @param headers of the handshake; names in any case
     */
    public String clientAddress(String socket, Map<String, List<String>> headers) {
        if (socket == null || socket.isEmpty()) {
            return "unknown";
        }
        String client = socket;
        List<String> hops = hops(headers);
        Collections.reverse(hops);
        for (String hop : hops) {
            if (!trusts(client)) {
                break;
            }
            if (bytes(hop) == null) {
                break; // "unknown", an obfuscated name (RFC 7239, section 6), or nonsense
            }
            client = hop;
        }
        return client;
    }

    /**
     * The host that the browser asked for, with its port.
     *
     * @param socket as for {@link #clientAddress}
     * @param header gives the first value of a header, or null
     */
    public String host(String socket, UnaryOperator<String> header) {
        String forwarded = header.apply("X-Forwarded-Host");
        return forwarded != null && trusts(socket) ? forwarded : header.apply("Host");
    }

    private boolean trusts(String address) {
        byte[] bytes = address == null ? null : bytes(address);
        return bytes != null && networks.stream().anyMatch(network -> network.has(bytes));
    }

    private static List<String> hops(Map<String, List<String>> headers) {
        List<String> hops = new ArrayList<>();
        for (String line : headers.getOrDefault("Forwarded", List.of())) {
            Matcher matcher = FOR.matcher(line);
            while (matcher.find()) {
                hops.add(withoutPort(matcher.group(1)));
            }
        }
        if (hops.isEmpty()) {
            for (String line : headers.getOrDefault("X-Forwarded-For", List.of())) {
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

    private static byte[] bytes(String literal) {
        if (!LITERAL.matcher(literal).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
