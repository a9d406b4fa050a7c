package dev.hubbub.standalone;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Context;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOEventLifeCycleListener;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.strategies.AbstractIOStrategy;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/**
 * Handles what happens on sockets on the thread that has noticed it, and waits when a connection cannot be accepted, as without a
 * free file descriptor: the connection stays in the queue of the operating system, so that Grizzly (4.0.2) would try again at once,
 * and again, and occupy a processor.
 */
@SuppressWarnings("rawtypes") // as in the interface
final class AcceptingStrategy extends AbstractIOStrategy {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    /** The first pause; each further failure doubles it, up to the longest one. */
    private static final int PAUSE_MILLIS = 10;

    private static final int LONGEST_PAUSE_MILLIS = 500;
    private static final Logger LOGGER = Grizzly.logger(AcceptingStrategy.class);
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final IOStrategy strategy = SameThreadIOStrategy.getInstance();
    private final ScheduledExecutorService clock;
    private final IOEventLifeCycleListener failures = new IOEventLifeCycleListener.Adapter() {
        @Override
        public void onError(Context context, Object failure) {
            failed((NIOConnection) context.getConnection(), failure);
        }
    };

    // Only the thread that accepts connections uses these.
    private int pause;
    private boolean hasFailed;
    /** When the next failure is logged. */
    private long logAt = System.nanoTime();

    AcceptingStrategy(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    @Override
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled) throws IOException {
        if (event != IOEvent.SERVER_ACCEPT) {
            return strategy.executeIoEvent(connection, event, enabled);
        }
        hasFailed = false;
        fireIOEvent(connection, event, failures, LOGGER);
        pause = hasFailed ? pause : 0;
        return true;
    }

    private void failed(NIOConnection server, Object failure) {
        hasFailed = true;
        pause = Math.min(Math.max(PAUSE_MILLIS, 2 * pause), LONGEST_PAUSE_MILLIS);
        long now = System.nanoTime();
        if (now - logAt >= 0) {
            logAt = now + LOG_NANOS;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "New connections cannot be accepted at the moment: {0}. They wait, and are tried again",
                    String.valueOf(failure));
        }
        try {
            server.disableIOEvent(IOEvent.SERVER_ACCEPT);
            clock.schedule(() -> accept(server), pause, TimeUnit.MILLISECONDS);
        } catch (IOException | RejectedExecutionException stopping) {
            accept(server);
        }
    }

    private static void accept(NIOConnection server) {
        try {
            server.enableIOEvent(IOEvent.SERVER_ACCEPT);
        } catch (IOException stopped) {
            LOG.log(System.Logger.Level.DEBUG, "The server accepts no more connections", stopped);
        }
    }

    @Override
    public Executor getThreadPoolFor(Connection connection, IOEvent event) {
        return strategy.getThreadPoolFor(connection, event);
    }

    @Override
    public ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
        return strategy.createDefaultWorkerPoolConfig(transport);
    }
}
