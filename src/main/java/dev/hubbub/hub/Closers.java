package dev.hubbub.hub;

import java.util.concurrent.ThreadFactory;

/**
 * The threads that close sockets, which may block for as long as the container's own time-out. They do nothing else. The queue
 * needs no bound of its own: each connection is in it a few times at most.
 */
public final class Closers {
    /** Several, since one can be held up; few, since nobody waits for them. */
    private static final int SIZE = 4;

    private final WorkerPool pool;

    Closers(ThreadFactory factory) {
        pool = new WorkerPool("hubbub-closer-", factory, SIZE);
    }

    /** Runs a task that closes a socket; never on the calling thread. */
    public void execute(Runnable closing) {
        pool.execute("close", closing);
    }

    /** Connections that wait to be closed. */
    public int queued() {
        return pool.queued();
    }

    /** Waits for the closing that was handed over, at most for {@code seconds}. */
    void stop(long seconds) throws InterruptedException {
        pool.stop(seconds);
    }
}
