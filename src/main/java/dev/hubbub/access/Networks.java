package dev.hubbub.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A list of addresses and networks, and what else is to be known of an address. */
public final class Networks {
    /** Only literals: a name would be looked up by DNS, and a client could choose which. */
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Of an IPv6 address; the rest is the household's own to choose (RFC 6177). */
    private static final int IPV6_SITE_BYTES = 8;

    private final List<Network> networks;

    private Networks(List<Network> networks) {
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

    /**
     * @param list {@code 127.0.0.1, 10.0.0.0/8, ::1}
     * @throws IllegalArgumentException if an entry is no address and no network
     */
    public static Networks parse(String list) {
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
        return new Networks(List.copyOf(networks));
    }

    /** @param address what is no address is in no network; also null */
    public boolean has(String address) {
        byte[] bytes = address == null || networks.isEmpty() ? null : bytes(address);
        return bytes != null && networks.stream().anyMatch(network -> network.has(bytes));
    }

    /** Whether this is an IPv4 or IPv6 address as numbers. */
    public static boolean isAddress(String literal) {
        return bytes(literal) != null;
    }

    /** What counts as one place: an IPv4 address, or the 64 bits of an IPv6 address that belong to one site. */
    static String place(String address) {
        byte[] bytes = bytes(address);
        return bytes == null || bytes.length <= 4 ? address : Arrays.toString(Arrays.copyOf(bytes, IPV6_SITE_BYTES));
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
