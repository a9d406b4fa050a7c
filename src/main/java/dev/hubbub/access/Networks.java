package dev.hubbub.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A list of IP addresses and networks. */
public final class Networks {
    /**
     * Host names are excluded: they would be looked up by DNS, and a client could choose which. An IPv6 address may have a zone
     * (RFC 4007, section 11), as in {@code ::1%lo}, which some servers tell.
     */
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[0-9A-Za-z_.-]{1,32})?");

    /** The bytes of an IPv6 address that identify a site. The site chooses the rest itself (RFC 6177). */
    private static final int IPV6_SITE_BYTES = 8;

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = networks;
    }

    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
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
     * @throws IllegalArgumentException if an entry is neither an address nor a network
     */
    public static Networks parse(String list) {
        List<Network> networks = new ArrayList<>();
        for (String entry : list.split("[,\\s]+")) {
            if (!entry.isEmpty()) {
                String[] parts = entry.split("/", 2);
                byte[] address = bytes(parts[0]);
                int bits = address == null ? -1 : parts.length == 1 ? 8 * address.length : Integer.parseInt(parts[1]);
                if (address != null && address.length == 4 && parts.length == 2 && entry.indexOf(':') >= 0) {
                    bits -= 96; // a network of IPv4 addresses that are written as IPv6 addresses
                }
                if (bits < 0 || bits > 8 * address.length) {
                    throw new IllegalArgumentException(
                            entry + " is neither an IP address nor a network like 10.0.0.0/8");
                }
                networks.add(new Network(address, bits));
            }
        }
        return new Networks(List.copyOf(networks));
    }

    /** @param address may be null or any text; only an IP address can be contained */
    public boolean contains(String address) {
        byte[] bytes = address == null || networks.isEmpty() ? null : bytes(address);
        return bytes != null && networks.stream().anyMatch(network -> network.contains(bytes));
    }

    /**
     * The address in the form in which it is compared and shown: an IPv4 address that is written as an IPv6 address ({@code
     * ::ffff:192.0.2.1}, RFC 4291, section 2.5.5.2) as the IPv4 address. Anything else as it is.
     */
    public static String canonical(String address) {
        byte[] bytes = address.indexOf(':') < 0 ? null : bytes(address);
        if (bytes == null || bytes.length != 4) {
            return address;
        }
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    /** Whether this is a numeric IPv4 or IPv6 address. */
    public static boolean isAddress(String literal) {
        return bytes(literal) != null;
    }

    /**
     * The key under which an address is counted: the IPv4 address, also if it is written as an IPv6 address ({@code
     * ::ffff:192.0.2.1}, RFC 4291, section 2.5.5.2), or the first 64 bits of the IPv6 address.
     */
    static String limitKey(String address) {
        byte[] bytes = bytes(address);
        if (bytes == null) {
            return address;
        }
        return Arrays.toString(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, IPV6_SITE_BYTES));
    }

    private static byte[] bytes(String address) {
        if (!LITERAL.matcher(address).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(address.split("%", 2)[0]).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
