package dev.hubbub.hub;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Some threads of the hub's own that run its tasks; they end when there is nothing to do for a while. */
final class WorkerPool {
    private final DaemonThreads threads;
    private final ThreadPoolExecutor pool;

    WorkerPool(String prefix, ThreadFactory factory, int size) {
        threads = new DaemonThreads(prefix, factory);
        pool = new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a task, also after the stop: close frames are still to be written then. Never on the calling thread, which may hold a
     * room's lock or be the scheduler's.
     *
     * @param what names the task in the log, should it throw
     */
    void execute(String what, Runnable task) {
        Runnable logged = Scheduler.logged(() -> what, task);
        try {
            pool.execute(logged);
        } catch (RejectedExecutionException stopped) {
            threads.newThread(logged).start();
        }
    }

    /** Tasks that wait for a thread. */
    int queued() {
        return pool.getQueue().size();
    }

    /** Waits for the tasks, at most for {@code seconds}. */
    void stop(long seconds) throws InterruptedException {
        pool.shutdown();
        if (!pool.awaitTermination(seconds, TimeUnit.SECONDS)) {
            pool.shutdownNow();
        }
        threads.join();
    }
}
