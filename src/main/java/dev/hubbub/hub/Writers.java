package dev.hubbub.hub;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that write outboxes. A frame for one client is written by the thread that emits it: nothing is gained by
 * handing over one system call. A broadcast is handed over, so that its sender's next event can be handled meanwhile and
 * then travels with it: joined frames are what makes a busy room cheap.
 */
final class Writers {
    /** Outboxes written by one task: a millisecond of work or less. */
    private static final int SHARE = 128;

    /** Some, for one can be held up; no more, for nobody waits for them. */
    private static final int CLOSERS = 4;

    private final DaemonThreads writing;
    private final DaemonThreads closing;
    private final ThreadPoolExecutor pool;
    /** Closing may block for the container's own time-out; it must not hold up the writing. */
    private final ThreadPoolExecutor closers;

    Writers(LocalHub.Threads threads) {
        writing = new DaemonThreads("hubbub-writer-", threads.factory());
        closing = new DaemonThreads("hubbub-closer-", threads.factory());
        pool = pool(writing, threads.writers());
        closers = pool(closing, CLOSERS);
    }

    private static ThreadPoolExecutor pool(ThreadFactory factory, int threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Sees to it that these outboxes, which {@link Outbox#add} made the caller's, are written. */
    void write(List<Outbox> outboxes) {
        if (outboxes.size() == 1) {
            outboxes.get(0).run();
            return;
        }
        // A large room is spread over the threads; each outbox keeps its own order, whoever writes it.
        for (int start = 0; start < outboxes.size(); start += SHARE) {
            List<Outbox> share = outboxes.subList(start, Math.min(start + SHARE, outboxes.size()));
            execute(pool, () -> share.forEach(Outbox::run));
        }
    }

    void close(Runnable closing) {
        execute(closers, closing);
    }

    private static void execute(ExecutorService pool, Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run(); // while the hub stops there is still a goodbye to be written
        }
    }

    /** Lets what was begun end, for at most this long. */
    void stop(long seconds) {
        pool.shutdown();
        closers.shutdown();
        try {
            if (!closers.awaitTermination(seconds, TimeUnit.SECONDS) | !pool.awaitTermination(1, TimeUnit.SECONDS)) {
                closers.shutdownNow();
                pool.shutdownNow();
            }
            writing.join();
            closing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
