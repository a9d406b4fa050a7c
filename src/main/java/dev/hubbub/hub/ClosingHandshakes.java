package dev.hubbub.hub;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connections that were sent a close frame and whose peer has not answered it yet (RFC 6455, section 7.1.1). */
final class ClosingHandshakes {
    private final Map<CompletableFuture<Void>, Runnable> pending = new ConcurrentHashMap<>();

    /**
     * @param closed completes when the connection is closed
     * @param abort closes the connection without waiting for the peer
     */
    void add(CompletableFuture<Void> closed, Runnable abort) {
        pending.put(closed, abort);
        closed.whenComplete((nothing, failure) -> pending.remove(closed));
    }

    /** Waits for the pending handshakes, at most for {@code timeout}, then aborts those that are still pending. */
    void stop(Duration timeout) {
        try {
            CompletableFuture.allOf(pending.keySet().toArray(CompletableFuture[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException incomplete) {
            // aborted below
        }
        pending.forEach((closed, abort) -> {
            // A future completes before its action removes the entry, so the entry alone does not mean pending.
            if (!closed.isDone()) {
                abort.run();
            }
        });
    }
}
