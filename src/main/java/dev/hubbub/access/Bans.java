package dev.hubbub.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Users and addresses that operators have banned for a time. They are forgotten when the server stops. */
public final class Bans {
    /** Bans at the same time. */
    public static final int MAX = 1_000;

    public static final Duration LONGEST = Duration.ofDays(7);

    private final Map<Subject, Ban> bans = new ConcurrentHashMap<>();

    public enum Kind {
        USER,
        ADDRESS
    }

    private record Subject(Kind kind, String value) {
        /** An address counts however it is written, and an IPv6 address for its network, which belongs to one customer. */
        static Subject of(Kind kind, String value) {
            return new Subject(kind, kind == Kind.ADDRESS ? Networks.limitKey(value) : value);
        }

        // Written out: on JDK 17, the generated methods keep the class loader of an undeployed application.
        @Override
        public boolean equals(Object other) {
            return other instanceof Subject subject && subject.kind == kind && subject.value.equals(value);
        }

        @Override
        public int hashCode() {
            return 31 * kind.hashCode() + value.hashCode();
        }
    }

    /** @param value the name of the user, or the address; an IPv6 address stands for its network of 64 bits */
    public record Ban(Kind kind, String value, Instant until, String reason) {}

    /**
     * Bans a user or an address, or changes the end of its ban.
     *
     * @throws IllegalArgumentException if the time is not positive or longer than {@link #LONGEST}, or the address is none
     * @throws IllegalStateException if there are {@link #MAX} bans
     */
    public Ban add(Kind kind, String value, Duration time, String reason) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A ban lasts at most " + LONGEST.toMinutes() + " minutes");
        }
        if (kind == Kind.ADDRESS && !Networks.isAddress(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no IP address");
        }
        removeEnded();
        Subject subject = Subject.of(kind, value);
        if (bans.size() >= MAX && !bans.containsKey(subject)) {
            throw new IllegalStateException("There are " + MAX + " bans already");
        }
        Ban ban = new Ban(kind, value, Instant.now().plus(time), reason);
        bans.put(subject, ban);
        return ban;
    }

    /** @return false if there was no such ban */
    public boolean remove(Kind kind, String value) {
        return bans.remove(Subject.of(kind, value)) != null;
    }

    /** The ban that applies now; null if there is none. Costs nothing while there are no bans. */
    public Ban find(Kind kind, String value) {
        if (bans.isEmpty() || value == null) {
            return null;
        }
        Ban ban = bans.get(Subject.of(kind, value));
        return ban == null || ban.until().isBefore(Instant.now()) ? null : ban;
    }

    /** The one that ends first comes first. */
    public List<Ban> all() {
        removeEnded();
        return bans.values().stream().sorted(Comparator.comparing(Ban::until)).toList();
    }

    private void removeEnded() {
        Instant now = Instant.now();
        bans.values().removeIf(ban -> ban.until().isBefore(now));
    }
}
