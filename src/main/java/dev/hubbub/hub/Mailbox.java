package dev.hubbub.hub;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * What waits for the handlers of one client: one after another, in order, bounded.
 *
 * <p>Where the thread that reads a socket is the connection's own for as long as it likes, as in the servlet containers,
 * nothing waits here: a handler runs at once, and while it does the container reads no further. Where that thread reads
 * for many clients, as in the standalone run, only what promises to be quick runs on it; the rest is handed to workers.
 */
public final class Mailbox implements Runnable {
    /** A client that is this far ahead of its handlers is told that the server is overloaded. */
    private static final int MAX_WAITING = 256;

    private final Executor workers;

    // Guarded by this.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(1);
    private boolean busy;

    /** @param workers null if the calling thread may be blocked */
    Mailbox(Executor workers) {
        this.workers = workers;
    }

    /**
     * @param quick whether the calling thread may do it if nothing waits
     * @return false if too much waits already; then it is not done
     */
    public boolean add(Runnable task, boolean quick) {
        if (workers == null) {
            task.run();
            return true;
        }
        boolean here;
        synchronized (this) {
            here = quick && !busy;
            if (!here) {
                if (waiting.size() >= MAX_WAITING) {
                    return false;
                }
                waiting.add(task);
                if (busy) {
                    return true;
                }
            }
            busy = true;
        }
        if (here) {
            try {
                task.run();
            } finally {
                next();
            }
        } else {
            workers.execute(this);
        }
        return true;
    }

    /** Whether nothing waits and no worker is at it. */
    public synchronized boolean isIdle() {
        return !busy;
    }

    /** As {@link #add}, for what must be done however much waits. */
    public void addLast(Runnable task) {
        if (workers == null) {
            task.run();
            return;
        }
        synchronized (this) {
            waiting.add(task);
            if (busy) {
                return;
            }
            busy = true;
        }
        workers.execute(this);
    }

    /** Does one task and goes to the end of the workers' queue: clients take turns. */
    @Override
    public void run() {
        Runnable task;
        synchronized (this) {
            task = waiting.poll();
        }
        try {
            task.run();
        } finally {
            next();
        }
    }

    private void next() {
        synchronized (this) {
            if (waiting.isEmpty()) {
                busy = false;
                return;
            }
        }
        workers.execute(this);
    }
}
