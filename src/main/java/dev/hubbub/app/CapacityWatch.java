package dev.hubbub.app;

import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.LocalHub;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/** Warns when connections, file descriptors or memory for events run out, once when that begins, and says once when it is over. */
final class CapacityWatch {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Counting 20,000 file descriptors takes a few milliseconds, so this is not done more often. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** What Hubbub's own files, jars, databases and the server need besides the connections, roughly. */
    private static final int OTHER_DESCRIPTORS = 200;

    private static final double NEAR = 0.9;

    /** Lower than {@link #NEAR}, so that a number which varies around it is not reported again and again. */
    private static final double FAR = 0.8;

    private final Gauge connections;
    private final Gauge descriptors;
    private final Gauge logs;
    private final LoadWatch load;

    /** One thing that can run out. Only one thread at a time uses it. */
    static final class Gauge {
        private final String near;
        private final String exhausted;
        private final String over;
        private final LongSupplier used;
        private final LongSupplier limit;
        private State state = State.FAR;

        private enum State {
            FAR,
            NEAR,
            EXHAUSTED
        }

        /**
         * @param near is logged with the number used and the limit, as the other messages; {@code exhausted} is null if something
         *     else reports that
         * @param limit negative if there is none
         */
        Gauge(String near, String exhausted, String over, LongSupplier used, LongSupplier limit) {
            this.near = near;
            this.exhausted = exhausted;
            this.over = over;
            this.used = used;
            this.limit = limit;
        }

        void check() {
            long most = limit.getAsLong();
            if (most <= 0) {
                return;
            }
            long now = used.getAsLong();
            if (now >= most && exhausted != null) {
                enter(State.EXHAUSTED, System.Logger.Level.ERROR, exhausted, now, most);
            } else if (now >= most * NEAR) {
                enter(State.NEAR, System.Logger.Level.WARNING, near, now, most);
            } else if (now < most * FAR && state != State.FAR) {
                log(System.Logger.Level.INFO, over, now, most);
                state = State.FAR;
            }
        }

        /** What is nearly used up varies; only a state that is worse than before is news. */
        private void enter(State next, System.Logger.Level level, String message, long now, long most) {
            if (next.compareTo(state) > 0) {
                log(level, message, now, most);
                state = next;
            }
        }

        private static void log(System.Logger.Level level, String message, long now, long most) {
            LOG.log(level, message, Long.toString(now), Long.toString(most));
        }
    }

    private CapacityWatch(Hubbub hubbub) {
        connections = new Gauge(
                "{0} connections are open, and hubbub.max-connections allows {1}: more are soon rejected with 503",
                null, // the limiter reports each minute in which it rejects clients
                "{0} of {1} connections are open: there is room again",
                () -> hubbub.hub().connections().connections(),
                () -> hubbub.settings().limits().connections());
        descriptors = new Gauge(
                "{0} of the {1} file descriptors of this process are in use: without a free one, no client can connect."
                        + " Raise the limit (LimitNOFILE of systemd, ulimit -n), or lower hubbub.max-connections",
                "All {1} file descriptors of this process are in use: no client can connect, and no file can be opened."
                        + " Raise the limit (LimitNOFILE of systemd, ulimit -n), or lower hubbub.max-connections",
                "{0} of {1} file descriptors are in use: there are enough again",
                FileDescriptors::open,
                FileDescriptors::limit);
        logs = new Gauge(
                "The events that rooms remember take {0} of at most {1} bytes: soon, rooms forget theirs, and clients that return"
                        + " miss some. Lower hubbub.log-events or hubbub.log-age, or raise the heap",
                null, // nothing is rejected then
                "The events that rooms remember take {0} of {1} bytes: there is room again",
                hubbub.hub()::logBytes,
                () -> LocalHub.LOG_MEMORY);
        load = hubbub.transportState(LoadWatch.class, LoadWatch::new);
    }

    /** Compares the limits with each other now, and watches them until the hub stops. */
    static void start(Hubbub hubbub) {
        compare(hubbub.settings().limits().connections(), FileDescriptors.limit());
        CapacityWatch watch = new CapacityWatch(hubbub);
        HubServices services = hubbub.hub().services();
        // Files are read for it, for which the scheduler's thread has no time.
        services.scheduler().repeat("capacity", INTERVAL, () -> {
            try {
                services.application().execute(watch::check);
            } catch (RejectedExecutionException stopping) {
                return;
            }
        });
    }

    private static void compare(int connections, long limit) {
        if (limit > 0 && connections + OTHER_DESCRIPTORS > limit) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "hubbub.max-connections is {0}, but this process may have only {1} file descriptors, and each connection"
                            + " needs one. Raise the limit (LimitNOFILE of systemd, ulimit -n), or lower"
                            + " hubbub.max-connections",
                    Integer.toString(connections),
                    Long.toString(limit));
        }
    }

    private synchronized void check() {
        connections.check();
        descriptors.check();
        logs.check();
        load.check(System.nanoTime());
    }
}
