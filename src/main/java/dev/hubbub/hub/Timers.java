package dev.hubbub.hub;

import dev.hubbub.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The timers of one owner, which end with it. Among several nodes, those of a room run where its lease is. */
final class Timers {
    private final String owner;
    private final Scheduler scheduler;
    private final RepeatedTask.Handover handover;
    private final Supplier<Leases.Lease> leases;

    // Guarded by this.
    private Map<String, RepeatedTask> tasks;
    private Leases.Lease lease;
    private int unnamed;
    private boolean ended;

    /**
     * @param owner names it in the log
     * @param leases asked once, before the first timer starts
     */
    Timers(String owner, Scheduler scheduler, RepeatedTask.Handover handover, Supplier<Leases.Lease> leases) {
        this.owner = owner;
        this.scheduler = scheduler;
        this.handover = handover;
        this.leases = leases;
    }

    /**
     * Starts a timer.
     *
     * @param name null for none; a timer of the same name that is running is returned instead
     * @return already cancelled if the owner has ended
     */
    synchronized Timer every(String name, Duration interval, Runnable task) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("The interval of a timer must be positive, not " + interval);
        }
        tasks = tasks == null ? new HashMap<>(2) : tasks;
        tasks.values().removeIf(Timer::isCancelled);
        String key = name == null ? "\u0001" + unnamed++ : name;
        RepeatedTask running = tasks.get(key);
        if (running != null) {
            return running;
        }
        String what = "The timer " + (name == null ? "" : "\"" + name + "\" ") + "of " + owner;
        RepeatedTask started = new RepeatedTask(what, task, handover);
        if (ended) {
            started.cancel();
            return started;
        }
        lease = lease == null ? leases.get() : lease;
        Leases.Lease held = lease;
        tasks.put(key, started);
        started.start(scheduler.repeat(what, interval, () -> {
            if (held.isHeld()) {
                started.tick();
            }
        }));
        return started;
    }

    /** The owner has ended. */
    synchronized void end() {
        ended = true;
        if (tasks != null) {
            tasks.values().forEach(RepeatedTask::cancel);
            tasks = null;
        }
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }
}
