package dev.hubbub.hub;

import dev.hubbub.protocol.PrintableFailure;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one timer thread of a process. It runs heartbeats, time-outs and other short tasks of Hubbub's own; never application
 * code, socket writes or anything else that may block: such a task hands over to {@link Writers}, {@link Closers} or the
 * {@link ApplicationExecutor}.
 */
public final class Scheduler {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Longer delays, as of a token that expires in the year 9999, would overflow the nanoseconds of the JDK's timer. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(1_000);

    /** How often it is checked that the timer is on time. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Null if the timer is not our own. */
    private final DaemonThreads threads;

    private final ScheduledExecutorService timer;

    /** When the timer was last seen to be on time, or to be late by {@link #late}. By {@link System#nanoTime}. */
    private volatile long tickedAt = System.nanoTime();

    private volatile long late;

    public Scheduler(ThreadFactory factory) {
        threads = new DaemonThreads("hubbub-timer-", factory);
        ScheduledThreadPoolExecutor own = new ScheduledThreadPoolExecutor(1, threads);
        own.setRemoveOnCancelPolicy(true);
        // After stop() a task is dropped silently: its caller may still be handling the end of a connection.
        own.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer = own;
        repeat("tick", TICK, this::tick);
    }

    /** Runs tasks by a timer of somebody else: a test that controls the time. It is shut down with the hub. */
    Scheduler(ScheduledExecutorService timer) {
        this.timer = timer;
        threads = null;
    }

    private void tick() {
        long now = System.nanoTime();
        late = Math.max(0, now - tickedAt - TICK.toNanos());
        tickedAt = now;
    }

    /** How late the timer is: how late its last second was, or the present one already is, whichever is more. */
    public Duration lag() {
        return Duration.ofNanos(Math.max(late, System.nanoTime() - tickedAt - TICK.toNanos()));
    }

    /**
     * Runs a task once.
     *
     * @param what names the task in the log, should it throw
     * @param delay negative delays count as 0; delays of more than 1,000 days as 1,000 days
     */
    public Future<?> schedule(String what, Duration delay, Runnable task) {
        return timer.schedule(logged(() -> what, task), nanos(delay), TimeUnit.NANOSECONDS);
    }

    /** Runs a task again and again, each time {@code pause} after its last run has ended; also if that threw. */
    public Future<?> repeat(String what, Duration pause, Runnable task) {
        return timer.scheduleWithFixedDelay(logged(() -> what, task), nanos(pause), nanos(pause), TimeUnit.NANOSECONDS);
    }

    private static long nanos(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return (delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay).toNanos();
    }

    /** The JDK's executors swallow what a scheduled task throws, and never run a repeated task again. */
    static Runnable logged(Supplier<String> what, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | StackOverflowError e) {
                LOG.log(System.Logger.Level.ERROR, "Task \"" + what.get() + "\" failed", PrintableFailure.of(e));
            }
        };
    }

    /** How many tasks are scheduled. */
    public int size() {
        return timer instanceof ScheduledThreadPoolExecutor own ? own.getQueue().size() : 0;
    }

    void stop() {
        timer.shutdownNow();
        if (threads == null) {
            return;
        }
        try {
            threads.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
