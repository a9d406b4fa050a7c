package dev.hubbub.hub;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connections whose other end has been told that they end, and has not answered yet. */
final class Goodbyes {
    private final Map<CompletableFuture<Void>, Runnable> unanswered = new ConcurrentHashMap<>();

    /** @param end makes an end of it, whatever the other end does */
    void add(CompletableFuture<Void> ended, Runnable end) {
        unanswered.put(ended, end);
        ended.whenComplete((nothing, never) -> unanswered.remove(ended));
    }

    /** Waits for the answers, at most this long, and makes an end of the others. */
    void stop(Duration patience) {
        try {
            CompletableFuture.allOf(unanswered.keySet().toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unheard) {
            // they are ended now
        }
        unanswered.values().forEach(Runnable::run);
    }
}
