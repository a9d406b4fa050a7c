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

    /** @param value the name of the user, or the address as the log shows it */
    public record Ban(Kind kind, String value, Instant until, String reason) {}

    /**
     * Bans a user or an address, or changes the end of its ban.
     *
     * @throws IllegalArgumentException if the time is not positive or longer than {@link #LONGEST}
     * @throws IllegalStateException if there are {@link #MAX} bans
     */
    public Ban add(Kind kind, String value, Duration time, String reason) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A ban lasts at most " + LONGEST.toMinutes() + " minutes");
        }
        removeEnded();
        Subject subject = new Subject(kind, value);
        if (bans.size() >= MAX && !bans.containsKey(subject)) {
            throw new IllegalStateException("There are " + MAX + " bans already");
        }
        Ban ban = new Ban(kind, value, Instant.now().plus(time), reason);
        bans.put(subject, ban);
        return ban;
    }

    /** @return false if there was no such ban */
    public boolean remove(Kind kind, String value) {
        return bans.remove(new Subject(kind, value)) != null;
    }

    /** The ban that applies now; null if there is none. Costs nothing while there are no bans. */
    public Ban find(Kind kind, String value) {
        if (bans.isEmpty() || value == null) {
            return null;
        }
        Ban ban = bans.get(new Subject(kind, value));
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
