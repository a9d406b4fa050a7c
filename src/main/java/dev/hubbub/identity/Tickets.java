package dev.hubbub.identity;

import dev.hubbub.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
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

    /** Maximum of unused tickets of one user, so that one user cannot take all. */
    private static final int MAX_PER_USER = 100;

    /** Unused tickets, the oldest first. Guarded by this. */
    private final Map<String, Ticket> tickets = new LinkedHashMap<>();

    /** The number of unused tickets of each user that has any. Guarded by this. */
    private final Map<String, Integer> users = new HashMap<>();

    private record Ticket(Identity identity, long issuedAt) {}

    /** @param age the time for which a ticket is valid */
    public Tickets(Duration age) {
        this.age = age.toNanos();
    }

    /**
     * Issues a ticket for a user who is authenticated.
     *
     * @return null if there are too many unused tickets at the moment, in total or of this user
     */
    public synchronized String issue(Identity identity) {
        long now = System.nanoTime();
        Iterator<Ticket> oldest = tickets.values().iterator();
        while (oldest.hasNext()) {
            Ticket next = oldest.next();
            if (now - next.issuedAt <= age) {
                break;
            }
            oldest.remove();
            removed(next);
        }
        if (tickets.size() >= MAX || users.getOrDefault(identity.name(), 0) >= MAX_PER_USER) {
            return null;
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        tickets.put(ticket, new Ticket(identity, now));
        users.merge(identity.name(), 1, Integer::sum);
        return ticket;
    }

    private void removed(Ticket ticket) {
        users.computeIfPresent(ticket.identity.name(), (user, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Uses up a ticket.
     *
     * @return the identity that it was issued for; null if it is unknown, used or expired
     */
    public synchronized Identity redeem(String ticket) {
        Ticket redeemed = tickets.remove(ticket);
        if (redeemed == null) {
            return null;
        }
        removed(redeemed);
        return System.nanoTime() - redeemed.issuedAt > age ? null : redeemed.identity;
    }
}
