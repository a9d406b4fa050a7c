package dev.hubbub.access;

/**
 * The limits of connections and clients.
 *
 * @param connections maximum of connections in total
 * @param perAddress maximum of connections of one IPv4 address or one IPv6 network of 64 bits
 * @param perUser maximum of connections of one user
 * @param handshakes handshakes per second and address
 * @param admissions handshakes per second of all addresses together
 * @param events events per second and client; 0 for no limit
 * @param burst events that a client may send at once after a pause
 * @param rooms maximum of rooms that one client is in
 * @param members maximum of members of one room
 * @param pending maximum of pending acknowledgements per client, in each direction
 * @param unlimited addresses of connections to which only the limits of connections in total, admissions, rooms, members and pending apply
 */
public record Limits(
        int connections,
        int perAddress,
        int perUser,
        int handshakes,
        int admissions,
        int events,
        int burst,
        int rooms,
        int members,
        int pending,
        Networks unlimited) {
    /** No limits, except 1,000 pending acknowledgements. */
    public static final Limits NONE = new Limits(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            0,
            0,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            1_000,
            Networks.parse(""));

    /**
     * Whether only those limits apply to an address that concern all.
     *
     * @param forwarded whether a proxy has told the address: such an address is never exempt, because a client may have forged it
     */
    boolean exempts(String address, boolean forwarded) {
        return !forwarded && unlimited.contains(address);
    }

    /** The limiter for the events of a client with this address. */
    public RateLimiter rateLimiter(String address, boolean forwarded) {
        return new RateLimiter(exempts(address, forwarded) ? 0 : events, burst);
    }
}
