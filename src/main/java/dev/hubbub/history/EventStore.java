package dev.hubbub.history;

import dev.hubbub.EventException;
import dev.hubbub.hub.Broker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Writes to the history: one thread takes all that waits, writes it in one transaction, and acknowledges it after the commit, so the
 * more waits, the less a commit costs each event. What fails is tried again until it succeeds; what an event waits for meanwhile is
 * its acknowledgement. The queue is bounded by what {@link #requireAccepts} accepts.
 */
final class EventStore implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    static final int MAX_EVENTS = 10_000;
    static final long MAX_BYTES = 16L << 20;
    static final int BATCH = 500;

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Database database;
    private final Duration patience;
    private final boolean shared;
    private final Thread thread;
    private final EpochIds epochs = new EpochIds();
    private volatile Executor completions = Runnable::run;

    // Guarded by this.
    private final Deque<WriteTask<?>> waiting = new ArrayDeque<>();
    private List<WriteTask<?>> writing = List.of();
    private boolean closed;

    /** Changed with the lock; read without it. */
    private volatile int waitingEvents;

    private volatile long waitingBytes;
    /** When the transaction that is being tried began; 0 if there is none. */
    private volatile long tryingSince;

    private volatile boolean failing;
    private volatile String failure;
    private long loggedAt;

    /** @param shared whether others write to the database, perhaps the same events */
    EventStore(Database database, Duration patience, boolean shared, ThreadFactory threads) {
        this.database = database;
        this.patience = patience;
        this.shared = shared;
        thread = threads.newThread(this);
        thread.setName("hubbub-history");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** From now on stages are completed by this executor, and not by the thread that writes. */
    void completeOn(Executor executor) {
        completions = executor;
    }

    /** Why nothing can be stored in time now; null if it can. */
    String unavailable() {
        if (waitingEvents >= MAX_EVENTS || waitingBytes >= MAX_BYTES) {
            return "Too many events wait for the database of the history";
        }
        long since = tryingSince;
        if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
            return "The database of the history does not answer";
        }
        return null;
    }

    /** What is wrong, for operators; null if nothing is. */
    String failure() {
        return failing ? failure : null;
    }

    int waitingEvents() {
        return waitingEvents;
    }

    void requireAccepts(long bytes) {
        String problem = unavailable();
        if (problem != null) {
            throw new EventException(EventException.UNAVAILABLE, problem + "; try again later");
        }
        if (bytes > database.maxBody()) {
            throw new EventException(
                    EventException.TOO_LARGE,
                    "The database of the history stores at most " + database.maxBody() + " bytes");
        }
    }

    void add(WriteTask<?> task) {
        synchronized (this) {
            if (!closed) {
                waiting.add(task);
                waitingEvents++;
                waitingBytes += task.bytes();
                notifyAll();
                return;
            }
        }
        task.fail(new EventException(EventException.UNAVAILABLE, "The server restarts"));
    }

    /** The events of a room that have not been stored yet, or only just. */
    synchronized List<Broker.StoredEvent> pending(String room) {
        List<Broker.StoredEvent> pending = new ArrayList<>(0);
        writing.forEach(task -> task.addPending(room, pending));
        waiting.forEach(task -> task.addPending(room, pending));
        return pending;
    }

    /** Fails what somebody waits for before anything is published, and has waited for too long. */
    void expire() {
        List<WriteTask<?>> all;
        synchronized (this) {
            all = new ArrayList<>(writing);
            all.addAll(waiting);
        }
        long now = System.nanoTime();
        for (WriteTask<?> task : all) {
            if (task.expires() && now - task.createdAt > patience.toNanos()) {
                complete(() -> task.fail(new EventException(
                        EventException.UNAVAILABLE, "The database of the history does not answer; try again later")));
            }
        }
    }

    @Override
    public void run() {
        try (Session session = new Session(database)) {
            List<WriteTask<?>> batch = next();
            while (!batch.isEmpty()) {
                write(session, batch);
                batch = next();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for tasks. @return none if the store is closed */
    private synchronized List<WriteTask<?>> next() throws InterruptedException {
        writing = List.of();
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        List<WriteTask<?>> batch = new ArrayList<>(Math.min(BATCH, waiting.size()));
        boolean alone = false;
        while (batch.size() < BATCH && !waiting.isEmpty() && !alone) {
            alone = waiting.peek().isAlone();
            if (alone && !batch.isEmpty()) {
                break;
            }
            batch.add(waiting.remove());
        }
        writing = batch;
        return batch;
    }

    private void write(Session session, List<WriteTask<?>> batch) throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        boolean again = shared;
        tryingSince = Math.max(1, System.nanoTime());
        while (true) {
            try {
                boolean repeated = again;
                session.run((connection, dialect) -> {
                    try (WriteContext context = new WriteContext(connection, dialect, epochs, shared, repeated)) {
                        for (WriteTask<?> task : batch) {
                            task.write(context);
                        }
                        context.flush();
                    }
                    return null;
                });
                succeeded(batch);
                return;
            } catch (SQLException | RuntimeException | Error e) { // a driver's assertion must not end this thread
                epochs.clear(); // what a transaction that was rolled back has inserted has another id next time
                if (isInvalidData(e)) {
                    if (batch.size() == 1) {
                        rejected(batch.get(0), e);
                    } else {
                        for (WriteTask<?> task : batch) {
                            write(session, List.of(task));
                        }
                    }
                    return;
                }
                failed(e);
            }
            again = true;
            pauseFor(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private synchronized void pauseFor(long millis) throws InterruptedException {
        if (closed && thread.isInterrupted()) {
            throw new InterruptedException();
        }
        wait(millis);
    }

    /** A value that a column does not take (SQL:2016, class 22): trying again is useless. */
    private static boolean isInvalidData(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().startsWith("22")) {
                return true;
            }
        }
        return false;
    }

    private void succeeded(List<WriteTask<?>> batch) {
        done(batch);
        if (failing) {
            failing = false;
            LOG.log(System.Logger.Level.INFO, "The history stores events again");
        }
        complete(() -> batch.forEach(WriteTask::succeed));
    }

    private void rejected(WriteTask<?> task, Throwable e) {
        done(List.of(task));
        LOG.log(System.Logger.Level.ERROR, "The history does not store " + task + ": " + e.getMessage());
        complete(() -> task.fail(new EventException(
                EventException.INTERNAL, "The event was delivered, but the history could not store it", e)));
    }

    private void done(List<WriteTask<?>> batch) {
        synchronized (this) {
            waitingEvents -= batch.size();
            for (WriteTask<?> task : batch) {
                waitingBytes -= task.bytes();
            }
        }
        tryingSince = 0;
    }

    private void failed(Throwable e) {
        long now = System.nanoTime();
        failure = e.getMessage();
        if (!failing || now - loggedAt > LOG_INTERVAL_NANOS) {
            loggedAt = now;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The history cannot store events in {0}: {1}. It tries again until it can; meanwhile {2} events wait,"
                            + " and after {3} ms durable rooms answer \"unavailable\"",
                    database,
                    String.valueOf(e.getMessage()).strip(),
                    waitingEvents,
                    patience.toMillis());
        }
        failing = true;
    }

    private void complete(Runnable completion) {
        try {
            completions.execute(completion);
        } catch (RejectedExecutionException stopped) {
            completion.run();
        }
    }

    /** Stores what waits, at most for this time; the rest fails. */
    void close(Duration timeout) {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        List<WriteTask<?>> lost;
        try {
            thread.join(timeout.toMillis());
            thread.interrupt();
            thread.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            lost = new ArrayList<>(writing);
            lost.addAll(waiting);
            waiting.clear();
        }
        if (!lost.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, "{0} events could not be stored before the end", lost.size());
            lost.forEach(task -> task.fail(new EventException(EventException.UNAVAILABLE, "The server restarts")));
        }
    }
}
