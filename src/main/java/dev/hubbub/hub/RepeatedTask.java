package dev.hubbub.hub;

import dev.hubbub.Timer;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A task of the application that is repeated. The scheduler's thread only hands it over. */
final class RepeatedTask implements Timer {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final String what;
    private final Runnable task;
    private final Handover handover;
    private final AtomicBoolean running = new AtomicBoolean();

    /** Guarded by this. */
    private Future<?> ticks;

    private volatile boolean cancelled;
    /** Only the thread that runs the task uses it. */
    private boolean failed;

    /** Gives the task to the thread that runs it. */
    @FunctionalInterface
    interface Handover {
        /** @throws RejectedExecutionException if it cannot be run now */
        void run(Runnable task);
    }

    /** @param what names the task in the log, should it throw */
    RepeatedTask(String what, Runnable task, Handover handover) {
        this.what = what;
        this.task = task;
        this.handover = handover;
    }

    synchronized void start(Future<?> future) {
        ticks = future;
        if (cancelled) {
            future.cancel(false);
        }
    }

    /** It is time for the next run. */
    void tick() {
        if (cancelled || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            handover.run(this::run);
        } catch (RejectedExecutionException stopped) {
            running.set(false);
        }
    }

    private void run() {
        try {
            if (!cancelled) {
                task.run();
                failed = false;
            }
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            if (!failed) {
                failed = true;
                LOG.log(
                        System.Logger.Level.ERROR,
                        what + " failed; it is repeated, and logged again when it has succeeded",
                        e);
            }
        } finally {
            running.set(false);
        }
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
