package dev.hubbub.history;

import dev.hubbub.EventException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads the history. A client that returns to a room which has just been read waits a moment for others, and one reading serves all
 * of them: clients that return after a restart cost at most twenty readings of each room per second, however many they are.
 */
final class HistoryReader {
    static final int TIMEOUT_SECONDS = 10;

    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final int THREADS = 2;
    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;
    private static final int MAX_WAITING = 100_000;

    /** The time from one reading of a room for clients that return to the next. */
    private static final long SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Database database;
    private final EventStore store;
    private final long maxBytes;
    private volatile Executor completions = Runnable::run;
    private final List<Thread> threads;

    // Guarded by this.
    private final Map<String, RoomReads> waiting = new LinkedHashMap<>();
    /** When rooms were read for clients that return, no longer ago than the spacing. */
    private final Map<String, Long> readAt = new HashMap<>();

    private int size;
    private boolean closed;

    /** For tests: how often the database was read. */
    private volatile long readings;

    /** @param maxBytes the most bytes that a client can be sent because it has missed them */
    HistoryReader(Database database, EventStore store, long maxBytes, ThreadFactory factory) {
        this.database = database;
        this.store = store;
        this.maxBytes = maxBytes;
        threads = java.util.stream.IntStream.range(0, THREADS)
                .mapToObj(i -> {
                    Thread thread = factory.newThread(this::run);
                    thread.setName("hubbub-history-reader-" + i);
                    thread.setDaemon(true);
                    return thread;
                })
                .toList();
    }

    void start() {
        threads.forEach(Thread::start);
    }

    void completeOn(Executor executor) {
        completions = executor;
    }

    long readings() {
        return readings;
    }

    /** @throws EventException {@code unavailable} if too many wait */
    synchronized void add(String room, Consumer<RoomReads> read) {
        if (closed || size >= MAX_WAITING) {
            throw unavailable(null);
        }
        size++;
        read.accept(waiting.computeIfAbsent(room, RoomReads::new));
        notifyAll();
    }

    private static EventException unavailable(Throwable cause) {
        return new EventException(EventException.UNAVAILABLE, "The history cannot be read; try again later", cause);
    }

    private void run() {
        try (Session session = new Session(database)) {
            Map.Entry<String, RoomReads> next = next();
            while (next != null) {
                read(session, next.getKey(), next.getValue());
                next = next();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return null if the reader is closed */
    private synchronized Map.Entry<String, RoomReads> next() throws InterruptedException {
        while (!closed) {
            long now = System.nanoTime();
            readAt.values().removeIf(time -> now - time >= SPACING_NANOS);
            for (Map.Entry<String, RoomReads> next : waiting.entrySet()) {
                if (!next.getValue().isForReturning() || !readAt.containsKey(next.getKey())) {
                    return take(next.getKey());
                }
            }
            if (waiting.isEmpty()) {
                wait();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, SPACING_NANOS / 10);
            }
        }
        return null;
    }

    private Map.Entry<String, RoomReads> take(String room) {
        RoomReads reads = waiting.remove(room);
        size -= reads.size();
        if (reads.isForReturning()) {
            readAt.put(room, System.nanoTime());
        }
        return Map.entry(room, reads);
    }

    private void read(Session session, String room, RoomReads reads) {
        Runnable completion;
        try {
            completion = read(session, room, reads, true);
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "The history cannot be read: {0}", e.getMessage());
            completion = () -> reads.fail(unavailable(e));
        }
        try {
            completions.execute(completion);
        } catch (RejectedExecutionException stopped) {
            completion.run();
        }
    }

    /** @param again whether to try once more: the connection may have been closed since it was used last */
    private Runnable read(Session session, String room, RoomReads reads, boolean again) throws SQLException {
        try {
            readings++;
            return session.run(
                    // What is pending is asked for first: an event that is stored meanwhile is in both, and not in
                    // neither.
                    (connection, dialect) -> reads.read(connection, dialect, store.pending(room), maxBytes));
        } catch (SQLException e) {
            if (again) {
                return read(session, room, reads, false);
            }
            throw e;
        }
    }

    void close() {
        List<RoomReads> failing;
        synchronized (this) {
            closed = true;
            failing = List.copyOf(waiting.values());
            waiting.clear();
            notifyAll();
        }
        failing.forEach(reads -> reads.fail(unavailable(null)));
        try {
            for (Thread thread : threads) {
                // Not interrupted: that would close the file of an H2 database, while events are still being stored.
                thread.join(CLOSE_TIMEOUT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
