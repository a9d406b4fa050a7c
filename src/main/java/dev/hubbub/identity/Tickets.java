package dev.hubbub.identity;

import dev.hubbub.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tickets for one connection each, which a page gets by a request that shows who it is, and puts into the URL of its
 * WebSocket: URLs end up in logs, and such a one is worth nothing there.
 */
public final class Tickets {
    private static final int BYTES = 24;

    /** Not yet used; who has more than these made is not one that means it well. */
    private static final int MAX = 10_000;

    private final SecureRandom random = new SecureRandom();
    private final long age;

    /** The oldest first. Guarded by itself. */
    private final Map<String, Ticket> tickets = new LinkedHashMap<>();

    private record Ticket(Identity identity, long madeAt) {}

    /** @param age how long a ticket is good for */
    public Tickets(Duration age) {
        this.age = age.toNanos();
    }

    /** Null if there are too many at the moment. */
    public String issue(Identity identity) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (tickets) {
            long now = System.nanoTime();
            Iterator<Ticket> oldest = tickets.values().iterator();
            while (oldest.hasNext() && now - oldest.next().madeAt > age) {
                oldest.remove();
            }
            if (tickets.size() >= MAX) {
                return null;
            }
            tickets.put(ticket, new Ticket(identity, now));
        }
        return ticket;
    }

    /** Whose ticket it is, once; null if it is none, or no more. */
    public Identity take(String ticket) {
        synchronized (tickets) {
            Ticket taken = tickets.remove(ticket);
            return taken == null || System.nanoTime() - taken.madeAt > age ? null : taken.identity;
        }
    }
}
