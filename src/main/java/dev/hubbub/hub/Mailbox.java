package dev.hubbub.hub;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * The tasks of one client, its events above all: they run one after another, in order, and a bounded number waits.
 *
 * <p>In servlet containers a socket is read by a thread that its client may keep as long as it likes. There a task runs at once
 * on the calling thread, and meanwhile the container reads no further. In the standalone run, and where {@link ReadLoops} read,
 * that thread reads for many clients, so only tasks that promise not to block run on it, and the others are handed to the
 * application executor. In either case a
 * task is queued while another one of its client is running, as with several requests of one session, or while the mailbox is
 * {@linkplain #hold() held}.
 */
public final class Mailbox implements Runnable {
    /** A client that is this many events ahead of its handlers is answered {@code overloaded}. */
    private static final int MAX_WAITING = 256;

    private final Executor executor;
    private final BooleanSupplier callersMayBlock;

    // Guarded by this.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(1);
    private boolean running;
    private int holds;

    /** @param callersMayBlock whether the thread that adds a task may run it even if it blocks */
    public Mailbox(Executor executor, BooleanSupplier callersMayBlock) {
        this.executor = executor;
        this.callersMayBlock = callersMayBlock;
    }

    /**
     * Runs a task as soon as those before it have ended.
     *
     * @param nonBlocking whether the task is sure not to block
     * @return false if too many tasks wait; the task will not run
     */
    public boolean add(Runnable task, boolean nonBlocking) {
        synchronized (this) {
            boolean here =
                    !running && holds == 0 && waiting.isEmpty() && (nonBlocking || callersMayBlock.getAsBoolean());
            if (!here) {
                if (waiting.size() >= MAX_WAITING) {
                    return false;
                }
                return enqueue(task);
            }
            running = true;
        }
        try {
            task.run();
        } finally {
            next();
        }
        return true;
    }

    /** As {@link #add}, but never on the calling thread. */
    public synchronized boolean addLater(Runnable task) {
        return waiting.size() < MAX_WAITING && enqueue(task);
    }

    /** As {@link #add}, but never on the calling thread, and however many tasks wait. */
    public synchronized void addLast(Runnable task) {
        enqueue(task);
    }

    /** Called with the lock, which keeps the order. @return false if the executor takes no more tasks */
    private boolean enqueue(Runnable task) {
        waiting.add(task);
        return running || holds > 0 || start();
    }

    /** Called with the lock. */
    private boolean start() {
        running = true;
        try {
            executor.execute(this);
            return true;
        } catch (RejectedExecutionException stopped) {
            running = false;
            waiting.clear();
            return false;
        }
    }

    /** From now on tasks wait, until {@link #release()} has been called as often as this method. */
    public synchronized void hold() {
        holds++;
    }

    public synchronized void release() {
        holds--;
        if (holds == 0 && !running && !waiting.isEmpty()) {
            start();
        }
    }

    /** Whether no task runs or waits, and the mailbox is not held. */
    public synchronized boolean isOpen() {
        return !running && waiting.isEmpty() && holds == 0;
    }

    /** Whether no task runs or waits. */
    public synchronized boolean isIdle() {
        return !running && waiting.isEmpty();
    }

    /** Runs one task and queues itself behind those of other clients, so that clients take turns. */
    @Override
    public void run() {
        Runnable task;
        synchronized (this) {
            task = holds > 0 ? null : waiting.poll();
        }
        try {
            if (task != null) {
                task.run();
            }
        } finally {
            next();
        }
    }

    private synchronized void next() {
        running = false;
        if (holds == 0 && !waiting.isEmpty()) {
            start();
        }
    }

    @Override
    public String toString() {
        return "mailbox";
    }
}
