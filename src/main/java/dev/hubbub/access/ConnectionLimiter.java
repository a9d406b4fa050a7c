package dev.hubbub.access;

import dev.hubbub.EventException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits connections: in total, per address and per user, and how many are attempted per second. The limits are checked before
 * a connection is established, where it can be rejected with an HTTP status; and again when it is, because others may have been
 * established meanwhile.
 */
public final class ConnectionLimiter {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** A full server is logged once in this time. */
    private static final int LOG_SECONDS = 60;

    /** Addresses whose handshakes are counted at the same time. Beyond it, idle addresses are removed first. */
    private static final int MAX_ADDRESSES = 100_000;

    /** A burst is this many seconds' worth of handshakes: a whole office may reconnect at once. */
    private static final int BURST_SECONDS = 10;

    /** Sessions of one address that were opened and not used yet. Clients use them at once. */
    private static final int MAX_OPENING = 100;

    private volatile Limits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();
    private final Map<String, Integer> opening = new ConcurrentHashMap<>();
    private final Map<String, Integer> users = new ConcurrentHashMap<>();
    private final Map<String, TokenBucket> handshakes = new ConcurrentHashMap<>();
    private volatile TokenBucket admissions;
    private final Rejections rejections = new Rejections();
    private final TokenBucket fullServer = new TokenBucket(1.0 / LOG_SECONDS, 1, System.nanoTime());

    /** The limit that rejects a connection. */
    public enum Rejection {
        /** The server has its maximum of connections. */
        SERVER(EventException.OVERLOADED, "The server has too many connections"),
        /** The address has its maximum of connections. */
        ADDRESS(EventException.RATE_LIMITED, "There are too many connections from your address"),
        /** The user has its maximum of connections. */
        USER(EventException.RATE_LIMITED, "You have too many connections"),
        /** The address attempts too many connections per second. */
        HANDSHAKES(EventException.RATE_LIMITED, "You connect too often"),
        /** All addresses together attempt too many connections per second. */
        ADMISSIONS(EventException.OVERLOADED, "Too many clients connect at once");

        private final String code;
        private final String message;

        Rejection(String code, String message) {
            this.code = code;
            this.message = message;
        }

        /** The code of the error that the client is sent. */
        public String code() {
            return code;
        }

        /** The message of the error that the client is sent. */
        public String message() {
            return message;
        }
    }

    /** Rejected connections since the start, by limit. */
    public record Rejections(
            LongAdder server, LongAdder address, LongAdder user, LongAdder handshakes, LongAdder admissions) {
        Rejections() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }

        private LongAdder by(Rejection limit) {
            return switch (limit) {
                case SERVER -> server;
                case ADDRESS -> address;
                case USER -> user;
                case HANDSHAKES -> handshakes;
                case ADMISSIONS -> admissions;
            };
        }
    }

    public ConnectionLimiter(Limits limits) {
        use(limits);
    }

    /** Applies other limits from now on; what is connected stays connected. Rates start with a full burst again. */
    public void use(Limits changed) {
        double burst = (double) BURST_SECONDS * changed.admissions();
        admissions = new TokenBucket(changed.admissions(), burst, System.nanoTime());
        limits = changed;
        handshakes.clear();
    }

    /** The limits that apply now. */
    public Limits limits() {
        return limits;
    }

    /**
     * Counts an attempt to connect and checks all limits except that of the user.
     *
     * @param forwarded whether a proxy has told the address
     * @return null if the connection is allowed
     */
    public Rejection attempt(String address, boolean forwarded) {
        boolean limited = !limits.exempts(address, forwarded);
        String key = Networks.limitKey(address);
        if (limited && !allowsHandshake(key, System.nanoTime())) {
            return reject(Rejection.HANDSHAKES);
        }
        if (connections.get() >= limits.connections()) {
            return reject(Rejection.SERVER);
        }
        if (limited && addresses.getOrDefault(key, 0) >= limits.perAddress()) {
            return reject(Rejection.ADDRESS);
        }
        return admissions.tryTake(System.nanoTime()) ? null : reject(Rejection.ADMISSIONS);
    }

    /**
     * Checks the limit of a user that has been authenticated and wants one more connection.
     *
     * @param user null for an anonymous client, which is not limited
     * @param forwarded whether a proxy has told the address
     * @return null if the connection is allowed
     */
    public Rejection checkUser(String user, String address, boolean forwarded) {
        boolean limited = user != null && !limits.exempts(address, forwarded);
        return limited && users.getOrDefault(user, 0) >= limits.perUser() ? reject(Rejection.USER) : null;
    }

    private boolean allowsHandshake(String key, long now) {
        TokenBucket bucket = handshakes.get(key);
        if (bucket == null) {
            if (handshakes.size() >= MAX_ADDRESSES) {
                handshakes.values().removeIf(other -> other.isFull(now));
            }
            if (handshakes.size() >= MAX_ADDRESSES) {
                return false;
            }
            double burst = (double) BURST_SECONDS * limits.handshakes();
            bucket = handshakes.computeIfAbsent(key, absent -> new TokenBucket(limits.handshakes(), burst, now));
        }
        return bucket.tryTake(now);
    }

    private Rejection reject(Rejection limit) {
        rejections.by(limit).increment();
        if (limit == Rejection.SERVER) {
            warnOfFullServer(System.nanoTime());
        }
        return limit;
    }

    /** Clients that are rejected try again, so not every rejection is logged. */
    private void warnOfFullServer(long now) {
        if (fullServer.tryTake(now)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The server is full: connections beyond hubbub.max-connections ({0}) are rejected with 503."
                            + " Rejected since the start: {1}",
                    Integer.toString(limits.connections()),
                    Long.toString(rejections.server.sum()));
        }
    }

    /**
     * Counts a connection that has been established, also if it exceeds a limit: it must be closed then.
     *
     * @param user null for an anonymous client
     * @param forwarded whether a proxy has told the address
     * @return the limit that it exceeds; null if none
     */
    public Rejection connected(String user, String address, boolean forwarded) {
        int inTotal = connections.incrementAndGet();
        int ofAddress = addresses.merge(Networks.limitKey(address), 1, Integer::sum);
        int ofUser = userConnected(user);
        if (inTotal > limits.connections()) {
            return reject(Rejection.SERVER);
        }
        if (limits.exempts(address, forwarded)) {
            return null;
        }
        if (ofAddress > limits.perAddress()) {
            return reject(Rejection.ADDRESS);
        }
        return ofUser > limits.perUser() ? reject(Rejection.USER) : null;
    }

    /** Counts a connection that has ended. */
    public void disconnected(String address) {
        connections.decrementAndGet();
        addresses.computeIfPresent(Networks.limitKey(address), ConnectionLimiter::oneLess);
    }

    /**
     * Counts a session in which no client has connected yet, where connecting takes more than one request. It counts as a
     * connection.
     *
     * @param forwarded whether a proxy has told the address
     * @return false if its address has too many such sessions; then it is not counted
     */
    public boolean opening(String address, boolean forwarded) {
        if (!unconfirmed(address, forwarded)) {
            return false;
        }
        connected(null, address, forwarded);
        return true;
    }

    /** A client has connected in a session that {@link #opening} has counted, or the session has ended. */
    public void opened(String address) {
        confirmed(address);
        disconnected(address);
    }

    /**
     * Counts a session whose client has not shown yet that it received the answer to its first request. Its connection is counted
     * separately.
     *
     * @param forwarded whether a proxy has told the address
     * @return false if its address has too many such sessions; then it is not counted
     */
    public boolean unconfirmed(String address, boolean forwarded) {
        boolean limited = !limits.exempts(address, forwarded);
        boolean[] counted = {false};
        opening.compute(Networks.limitKey(address), (key, count) -> {
            int before = count == null ? 0 : count;
            counted[0] = !limited || before < MAX_OPENING;
            return counted[0] ? Integer.valueOf(before + 1) : count;
        });
        if (!counted[0]) {
            reject(Rejection.ADDRESS);
        }
        return counted[0];
    }

    /** The client has shown it, or the session has ended. */
    public void confirmed(String address) {
        opening.computeIfPresent(Networks.limitKey(address), ConnectionLimiter::oneLess);
    }

    /**
     * Counts an authenticated connection.
     *
     * @param user null for an anonymous client, which is not counted
     * @return the user's connections
     */
    public int userConnected(String user) {
        return user == null ? 0 : users.merge(user, 1, Integer::sum);
    }

    /**
     * Counts an authenticated connection that has ended or belongs to another user now.
     *
     * @param user null for an anonymous client
     */
    public void userDisconnected(String user) {
        if (user != null) {
            users.computeIfPresent(user, ConnectionLimiter::oneLess);
        }
    }

    private static Integer oneLess(String key, int count) {
        return count == 1 ? null : count - 1;
    }

    /** The number of connections. */
    public int connections() {
        return connections.get();
    }

    public Rejections rejections() {
        return rejections;
    }
}
