package dev.hubbub.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who is connected, by number: in all, from one address, as one user; and how often who tries. It is asked before a
 * connection is made, so of those who come in the same moment a few more than the limit may find a place.
 */
public final class ConnectionLimiter {
    /** Addresses whose handshakes are counted at the same time; when there are more, the quiet ones are forgotten. */
    private static final int MAX_PLACES = 100_000;

    /** Of what comes at once after a quiet time, as when a whole office reconnects. */
    private static final int BURST_SECONDS = 10;

    private final Limits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();
    private final Map<String, Integer> users = new ConcurrentHashMap<>();
    private final Map<String, TokenBucket> handshakes = new ConcurrentHashMap<>();
    private final TokenBucket admissions;
    private final Refused refused = new Refused();

    /** Why one more cannot come now. */
    public enum Full {
        SERVER,
        ADDRESS,
        USER,
        HANDSHAKES,
        /** Too many come at once; from anywhere. */
        ADMISSIONS
    }

    /** How often somebody could not come, since the start. */
    public record Refused(
            LongAdder server, LongAdder address, LongAdder user, LongAdder handshakes, LongAdder admissions) {
        Refused() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }

        private LongAdder by(Full reason) {
            return switch (reason) {
                case SERVER -> server;
                case ADDRESS -> address;
                case USER -> user;
                case HANDSHAKES -> handshakes;
                case ADMISSIONS -> admissions;
            };
        }
    }

    public ConnectionLimiter(Limits limits) {
        this.limits = limits;
        double burst = (double) BURST_SECONDS * limits.admissions();
        admissions = new TokenBucket(limits.admissions(), burst, System.nanoTime());
    }

    /**
     * Counts an attempt to connect.
     *
     * @return null if it may
     */
    public Full attempt(String address) {
        boolean limited = !limits.unlimited().has(address);
        String place = Networks.place(address);
        if (limited && !mayTry(place, System.nanoTime())) {
            return refuse(Full.HANDSHAKES);
        }
        if (connections.get() >= limits.connections()) {
            return refuse(Full.SERVER);
        }
        if (limited && addresses.getOrDefault(place, 0) >= limits.perAddress()) {
            return refuse(Full.ADDRESS);
        }
        return admissions.take(System.nanoTime()) ? null : refuse(Full.ADMISSIONS);
    }

    /** As {@link #attempt}, for one more connection of a user who is known by now. */
    public Full attemptAs(String user, String address) {
        boolean limited = user != null && !limits.unlimited().has(address);
        return limited && users.getOrDefault(user, 0) >= limits.perUser() ? refuse(Full.USER) : null;
    }

    private boolean mayTry(String place, long now) {
        TokenBucket bucket = handshakes.get(place);
        if (bucket == null) {
            if (handshakes.size() >= MAX_PLACES) {
                handshakes.values().removeIf(other -> other.isFull(now));
            }
            if (handshakes.size() >= MAX_PLACES) {
                return false;
            }
            double burst = (double) BURST_SECONDS * limits.handshakes();
            bucket = handshakes.computeIfAbsent(place, key -> new TokenBucket(limits.handshakes(), burst, now));
        }
        return bucket.take(now);
    }

    private Full refuse(Full reason) {
        refused.by(reason).increment();
        return reason;
    }

    /** Somebody has connected. */
    public void enter(String address) {
        connections.incrementAndGet();
        addresses.merge(Networks.place(address), 1, Integer::sum);
    }

    public void leave(String address) {
        connections.decrementAndGet();
        addresses.computeIfPresent(Networks.place(address), ConnectionLimiter::oneLess);
    }

    /** Somebody who is connected is known by name now; a null is nobody. */
    public void identify(String user) {
        if (user != null) {
            users.merge(user, 1, Integer::sum);
        }
    }

    public void forget(String user) {
        if (user != null) {
            users.computeIfPresent(user, ConnectionLimiter::oneLess);
        }
    }

    private static Integer oneLess(String key, int count) {
        return count == 1 ? null : count - 1;
    }

    public int connections() {
        return connections.get();
    }

    public Refused refused() {
        return refused;
    }
}
