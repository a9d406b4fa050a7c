package dev.hubbub.hub;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Ends the threads of a hub, after what they have still to do. */
final class Shutdown {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** When the hub stops, peers have this long to answer a close frame. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final HubServices services;
    private final ClosingHandshakes handshakes = new ClosingHandshakes();

    Shutdown(HubServices services) {
        this.services = services;
    }

    /** See {@link LocalHub#awaitClose}. */
    void awaitClose(CompletableFuture<Void> closed, Duration timeout, Runnable abort) {
        handshakes.add(closed, abort);
        Future<?> late = services.scheduler()
                .schedule("close time-out", timeout, () -> services.closers().execute(abort));
        closed.whenComplete((nothing, failure) -> late.cancel(false));
    }

    /** See {@link LocalHub#stop}. */
    void stop(Duration closing, Duration application) {
        try {
            services.closers().stop(closing.toSeconds());
            services.readers().stop();
            services.writers().stop(1);
            handshakes.stop(CLOSE_TIMEOUT);
            if (!services.application().awaitIdle(application)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} handlers are still running and are interrupted",
                        services.application().pending());
            }
            services.application().stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        services.scheduler().stop();
    }
}
