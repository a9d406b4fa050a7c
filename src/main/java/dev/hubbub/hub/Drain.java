package dev.hubbub.hub;

import dev.hubbub.protocol.CloseCode;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends all clients away, not all at once. Clients of which no event is being handled come first, so that no acknowledgement is
 * lost. Each is told before when to come back, so that they do not come back at once either.
 */
public final class Drain {
    private static final Duration STEP = Duration.ofMillis(50);

    /** For close frames that are on their way; clients that have just connected are sent theirs a moment later. */
    private static final Duration LAST_CLOSES = Duration.ofMillis(200);

    private final Collection<LocalHub> hubs;
    private final Pace pace;

    /**
     * How fast clients are sent away.
     *
     * @param delay before the first, so that load balancers notice
     * @param rate clients a second; more, if it would take longer than the time-out
     * @param timeout for all of them, after the delay
     * @param admissionsPerSecond how many a second may come back
     */
    public record Pace(Duration delay, int rate, Duration timeout, int admissionsPerSecond) {}

    public Drain(Collection<LocalHub> hubs, Pace pace) {
        this.hubs = hubs;
        this.pace = pace;
    }

    private int clients() {
        return hubs.stream().mapToInt(LocalHub::size).sum();
    }

    /** Returns when all clients have gone or the time is over. */
    public void run() {
        try {
            sendAway();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Restart(long after) {}

    private void sendAway() throws InterruptedException {
        int all = clients();
        if (all == 0) {
            return;
        }
        pause(pace.delay);
        Duration spread =
                Duration.ofMillis(1_000L * all / pace.admissionsPerSecond).plusSeconds(1);
        for (LocalHub hub : hubs) {
            for (LocalClient client : hub.clients()) {
                long after = ThreadLocalRandom.current().nextLong(spread.toMillis() + 1);
                client.emit("restart", new Restart(after));
            }
        }
        long end = System.nanoTime() + pace.timeout.toNanos();
        long inHalfTheTime = all / Math.max(1, pace.timeout.dividedBy(STEP) / 2);
        long batch = Math.max(1, Math.max(pace.rate * STEP.toMillis() / 1_000, inHalfTheTime));
        while (clients() > 0 && System.nanoTime() < end) {
            int left = (int) batch;
            for (LocalHub hub : hubs) {
                left -= dismiss(hub, left, false);
            }
            pause(STEP);
        }
        hubs.forEach(hub -> dismiss(hub, Integer.MAX_VALUE, true));
        pause(LAST_CLOSES);
    }

    /**
     * Closes some clients with 1012: those of which no event is being handled.
     *
     * @param most how many
     * @param all also the others, and without sending what still waits for them
     * @return how many were closed
     */
    static int dismiss(LocalHub hub, int most, boolean all) {
        int dismissed = 0;
        for (LocalClient client : hub.clients()) {
            if (dismissed == most) {
                break;
            }
            if (all) {
                client.abort(CloseCode.RESTART, ClientLifecycle.RESTARTS);
                dismissed++;
            } else if (client.isConnected() && client.isSettled()) {
                client.close(CloseCode.RESTART, ClientLifecycle.RESTARTS);
                dismissed++;
            }
        }
        return dismissed;
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
