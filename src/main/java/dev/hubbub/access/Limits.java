package dev.hubbub.access;

/**
 * How much is too much.
 *
 * @param connections in all
 * @param perAddress connections of one address; of IPv6, of one network of 64 bits
 * @param perUser connections of one user
 * @param handshakes a second of one address
 * @param admissions a second of all addresses
 * @param events a second of one client; 0 for any
 * @param burst events at once after a quiet time
 * @param rooms in which one client is
 * @param members of one room
 * @param pending acknowledgements that one client, or its handlers, still owe
 * @param unlimited addresses that do as they like: what holds for them is what holds for the server, rooms, members and what is pending
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
    /** Nothing is too much. */
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

    /** For the events of a client; null if it may send as many as it likes. */
    public RateLimiter allowance(String address) {
        return events == 0 || unlimited.has(address) ? null : new RateLimiter(events, burst);
    }
}
