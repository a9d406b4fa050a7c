package dev.hubbub.hub;

import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that write outboxes. A frame for one client is written by the thread that emits it, since handing over a single
 * system call gains nothing. A broadcast is handed over, so that its sender's next event is handled meanwhile and then travels
 * with it: joined frames are what makes a busy room cheap.
 *
 * <p>The queue needs no bound of its own. An outbox is in it at most once, so it holds at most as many outboxes as there are
 * clients.
 */
public final class Writers {
    /** Outboxes written by one task: a millisecond of work or less. */
    private static final int SHARE = 128;

    private final WorkerPool pool;

    Writers(ThreadFactory factory, int size) {
        pool = new WorkerPool("hubbub-writer-", factory, size);
    }

    /**
     * What writes these outboxes, which {@link Outbox#add} made the caller responsible for. To be run after the caller has
     * released its locks: a single outbox is written by the thread that runs this, a few at the end of its {@link WritePass}.
     *
     * @return null if there is nothing to run
     */
    Runnable writing(List<Outbox> outboxes) {
        if (outboxes.size() <= WritePass.SMALL) {
            WritePass pass = WritePass.current();
            if (pass != null) {
                return () -> pass.add(outboxes);
            }
        }
        return switch (outboxes.size()) {
            case 0 -> null;
            case 1 -> outboxes.get(0);
            default -> () -> handOver(outboxes);
        };
    }

    /** Runs what {@link #writing} returned. */
    static void run(Runnable writing) {
        if (writing != null) {
            writing.run();
        }
    }

    /** As {@link #writing}, at once. */
    void write(List<Outbox> outboxes) {
        run(writing(outboxes));
    }

    /** Has outboxes written, never by the calling thread. A large room is spread over the threads. */
    void handOver(List<Outbox> outboxes) {
        for (int start = 0; start < outboxes.size(); start += SHARE) {
            List<Outbox> share = outboxes.subList(start, Math.min(start + SHARE, outboxes.size()));
            execute("write", () -> share.forEach(Outbox::write));
        }
    }

    /** Runs a short task that writes to a socket without blocking; never on the calling thread. */
    public void execute(String what, Runnable task) {
        pool.execute(what, task);
    }

    /** Tasks that wait for a thread. */
    public int queued() {
        return pool.queued();
    }

    /** Waits for the tasks that were handed over, at most for {@code seconds}. */
    void stop(long seconds) throws InterruptedException {
        pool.stop(seconds);
    }
}
