package dev.hubbub.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one timer of a hub: looks after thousands of clients from one thread, which never writes to a socket itself.
 *
 * <p>A tick comes often enough that a tenth of the shorter time is the error.
 */
final class Heartbeat {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private final DaemonThreads threads;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param interval between two pings
     * @param patience from an unanswered ping to the end
     * @param outboxAge for how long a send may be under way
     */
    record Times(long interval, long patience, long outboxAge) {
        Times(Duration interval, Duration patience, Duration outboxAge) {
            this(interval.toNanos(), patience.toNanos(), outboxAge.toNanos());
        }
    }

    Heartbeat(ThreadFactory factory) {
        threads = new DaemonThreads("hubbub-timer-", factory);
        timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setRemoveOnCancelPolicy(true);
        // Nobody is to fail because the hub has stopped meanwhile.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    void watch(Collection<LocalClient> clients, Times times, Consumer<List<Outbox>> writers) {
        long tick = Math.max(Math.min(times.interval, times.patience) / 10, SHORTEST_TICK);
        every(tick, () -> {
            List<Outbox> toWrite = new ArrayList<>();
            long now = System.nanoTime();
            clients.forEach(client -> client.checkPulse(now, times, toWrite));
            writers.accept(toWrite);
        });
    }

    private void every(long nanos, Runnable task) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.log(System.Logger.Level.ERROR, "The heartbeat stumbles", e); // else it would stop for good
                    }
                },
                nanos,
                nanos,
                TimeUnit.NANOSECONDS);
    }

    Future<?> after(Duration delay, Runnable task) {
        return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stop() {
        timer.shutdownNow();
        try {
            threads.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
