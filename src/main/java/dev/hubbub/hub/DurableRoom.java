package dev.hubbub.hub;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A room whose events are stored in the {@link History}. Its epoch must be stored before an event is published in it; what is
 * published earlier waits for that, in order. Guarded by the lock of the room's topic, except where a method says otherwise.
 */
final class DurableRoom {
    private static final int MAX_WAITING = 10_000;

    private final History history;
    private final String room;

    /** Null until the epoch is to be stored, and if that has failed. */
    private CompletableFuture<Void> begun;

    private boolean open;
    private final Deque<Waiting<?>> waiting = new ArrayDeque<>(1);

    /** What is to be done when the room has begun. */
    private record Waiting<T>(Supplier<CompletionStage<T>> task, CompletableFuture<T> result) {
        void run() {
            try {
                task.get().whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
            }
        }
    }

    /** @param room with its namespace */
    DurableRoom(History history, String room) {
        this.history = history;
        this.room = room;
    }

    String room() {
        return room;
    }

    /** Whether events can be published. */
    boolean isOpen() {
        return open;
    }

    /** Whether the epoch is being stored: the topic must not be forgotten. */
    boolean isBeginning() {
        return begun != null && !open;
    }

    /**
     * Has the epoch stored, if that has not been done yet.
     *
     * @param opening called without the lock when the epoch is stored, with the keys of the room: it adds them, and calls {@link
     *     #nextWaiting} until that returns null
     * @param failed called without the lock when that failed; it calls {@link #failed}
     */
    CompletableFuture<Void> begin(String epoch, Opening opening, Failure failed) {
        if (begun == null) {
            CompletableFuture<Void> beginning = new CompletableFuture<>();
            begun = beginning;
            history.begin(room, null, epoch).whenComplete((keys, failure) -> {
                if (failure == null) {
                    opening.opened(keys);
                    beginning.complete(null);
                } else {
                    failed.failed(failure);
                    beginning.completeExceptionally(failure);
                }
            });
        }
        return begun;
    }

    /** Told that the epoch is stored. */
    interface Opening {
        void opened(List<History.KeyedPosition> keys);
    }

    /** Told that the epoch could not be stored. */
    interface Failure {
        void failed(Throwable failure);
    }

    /**
     * Has a task wait until the room is open.
     *
     * @throws EventException {@code unavailable} if too many wait
     */
    <T> CompletionStage<T> whenOpen(Supplier<CompletionStage<T>> task) {
        if (waiting.size() >= MAX_WAITING) {
            throw new EventException(EventException.UNAVAILABLE, "The history of the room is not available yet");
        }
        Waiting<T> next = new Waiting<>(task, new CompletableFuture<>());
        waiting.add(next);
        return next.result;
    }

    /** The next task, which is to be run without the lock; null if there are none, and from now on the room is open. */
    Runnable nextWaiting() {
        Waiting<?> next = waiting.poll();
        open = next == null;
        return next == null ? null : next::run;
    }

    /** The epoch could not be stored. @return what is to be run without the lock: it fails all that waits */
    Runnable failed(Throwable failure) {
        List<Waiting<?>> failing = List.copyOf(waiting);
        waiting.clear();
        begun = null;
        return () -> failing.forEach(task -> task.result.completeExceptionally(failure));
    }

    void requireAccepts(Frame event) {
        history.requireAccepts(event.size());
    }

    /** Stores an event that is being published. @return completes with its position when it is stored */
    CompletionStage<Position> append(
            Frame event, Set<String> except, List<Position> elsewhere, long now, Source source) {
        Broker.StoredEvent stored = new Broker.StoredEvent(
                event,
                except.isEmpty() ? Set.of() : Set.copyOf(except),
                elsewhere.isEmpty() ? List.of() : List.copyOf(elsewhere),
                WallClock.millis(now));
        return history.append(room, stored, source).thenApply(done -> event.position());
    }
}
