package dev.hubbub.identity;

import dev.hubbub.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tickets, each good for one connection. A page gets a ticket by an authenticated request and puts it into the URL of its
 * WebSocket. URLs end up in logs, where a used ticket is worthless.
 */
public final class Tickets {
    private static final int BYTES = 24;

    /** Maximum of unused tickets. Only an attacker has more of them issued. */
    private static final int MAX = 10_000;

    private final SecureRandom random = new SecureRandom();
    private final long age;

    /** Unused tickets, the oldest first. Guarded by itself. */
    private final Map<String, Ticket> tickets = new LinkedHashMap<>();

    private record Ticket(Identity identity, long issuedAt) {}

    /** @param age the time for which a ticket is valid */
    public Tickets(Duration age) {
        this.age = age.toNanos();
    }

    /** @return null if there are too many unused tickets at the moment */
    public String issue(Identity identity) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (tickets) {
            long now = System.nanoTime();
            Iterator<Ticket> oldest = tickets.values().iterator();
            while (oldest.hasNext() && now - oldest.next().issuedAt > age) {
                oldest.remove();
            }
            if (tickets.size() >= MAX) {
                return null;
            }
            tickets.put(ticket, new Ticket(identity, now));
        }
        return ticket;
    }

    /**
     * Uses up a ticket.
     *
     * @return the identity that it was issued for; null if it is unknown, used or expired
     */
    public Identity redeem(String ticket) {
        synchronized (tickets) {
            Ticket redeemed = tickets.remove(ticket);
            return redeemed == null || System.nanoTime() - redeemed.issuedAt > age ? null : redeemed.identity;
        }
    }
}
