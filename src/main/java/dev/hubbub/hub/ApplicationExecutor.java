package dev.hubbub.hub;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs application code that may block: handlers, {@code @OnConnect} and {@code @OnDisconnect} methods, room policies, token
 * verifiers, and what an application does when an acknowledgement arrives.
 *
 * <p>At most {@link #MAX_QUEUED} tasks wait, far more than there can be clients with something to do. Beyond that tasks are
 * rejected, and the log says so.
 */
public final class ApplicationExecutor implements Executor {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Tasks that are queued or running. Each client's mailbox has at most one. */
    private static final int MAX_QUEUED = 1_000_000;

    /** Handlers that block at the same time: as many as Tomcat has request threads by default. */
    private static final int POOL_SIZE = 200;

    private final Executor executor;
    /** The pool, if it is our own and has to be shut down; otherwise null. */
    private final ThreadPoolExecutor pool;

    private final DaemonThreads threads;

    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicBoolean rejectionLogged = new AtomicBoolean();
    private volatile boolean awaited;

    /** Runs tasks on an executor that belongs to somebody else and is not shut down here. */
    ApplicationExecutor(Executor executor) {
        this.executor = executor;
        pool = null;
        threads = null;
    }

    /** Runs tasks on a pool of its own. */
    ApplicationExecutor(ThreadFactory factory) {
        threads = new DaemonThreads("hubbub-application-", factory);
        pool = new ThreadPoolExecutor(POOL_SIZE, POOL_SIZE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        executor = pool;
    }

    /** @throws RejectedExecutionException if too many tasks wait, or the hub has stopped */
    @Override
    public void execute(Runnable task) {
        if (pending.get() >= MAX_QUEUED) {
            reject("too many tasks wait");
        }
        pending.incrementAndGet();
        try {
            executor.execute(Scheduler.logged(task::toString, () -> {
                try {
                    task.run();
                } finally {
                    ended();
                }
            }));
        } catch (RejectedExecutionException stopped) {
            ended();
            reject("the executor has been shut down");
        }
    }

    private void reject(String reason) {
        if (!rejectionLogged.getAndSet(true)) {
            LOG.log(System.Logger.Level.WARNING, "Application tasks are rejected: {0}", reason);
        }
        throw new RejectedExecutionException(reason);
    }

    private void ended() {
        if (pending.decrementAndGet() == 0 && awaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Tasks that wait or run. */
    public int pending() {
        return pending.get();
    }

    /**
     * Waits until nothing is left to do.
     *
     * @return false if something is still running after the time-out
     */
    public synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
        awaited = true;
        long end = System.nanoTime() + timeout.toNanos();
        while (pending.get() > 0) {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    void stop() throws InterruptedException {
        if (pool != null) {
            pool.shutdownNow();
            threads.join();
        }
    }
}
