package dev.hubbub.app;

import dev.hubbub.hub.LocalHub;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * Sends all clients away, not all at once: those first of whose events none is being handled, so that no acknowledgement is
 * lost. Each is told before when to come back, so that they do not come back at once either.
 */
final class Drain {
    private static final Duration STEP = Duration.ofMillis(50);

    /** For goodbyes on their way; to who has just connected they are said a moment later. */
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    private final Collection<LocalHub> hubs;
    private final Settings.Draining draining;
    private final int admissionsPerSecond;

    Drain(Collection<LocalHub> hubs, Settings settings) {
        this.hubs = hubs;
        this.draining = settings.draining();
        this.admissionsPerSecond = settings.limits().admissions();
    }

    private int clients() {
        return hubs.stream().mapToInt(LocalHub::size).sum();
    }

    /** Returns when all have gone or the time is over. */
    void run() {
        try {
            sendAway();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendAway() throws InterruptedException {
        int all = clients();
        if (all == 0) {
            return;
        }
        pause(draining.delay());
        Duration spread = Duration.ofMillis(1_000L * all / admissionsPerSecond).plusSeconds(1);
        hubs.forEach(hub -> hub.announceRestart(spread));
        long end = System.nanoTime() + draining.timeout().toNanos();
        long inHalfTheTime = all / Math.max(1, draining.timeout().dividedBy(STEP) / 2);
        long batch = Math.max(1, Math.max(draining.rate() * STEP.toMillis() / 1_000, inHalfTheTime));
        while (clients() > 0 && System.nanoTime() < end) {
            int left = (int) batch;
            for (LocalHub hub : hubs) {
                left -= hub.dismiss(left, false);
            }
            pause(STEP);
        }
        hubs.forEach(hub -> hub.dismiss(Integer.MAX_VALUE, true));
        pause(LAST_WORDS);
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
