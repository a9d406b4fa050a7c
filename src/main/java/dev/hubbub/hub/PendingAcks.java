package dev.hubbub.hub;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** The events that one client is to acknowledge and has not yet. */
final class PendingAcks {
    private final BiFunction<Duration, Runnable, Future<?>> timer;
    private final Map<String, CompletableFuture<Event>> pending = new ConcurrentHashMap<>(1);
    private final AtomicLong ids = new AtomicLong();
    private final int maxPending;

    /** @param maxPending more at once is no conversation but a client that never answers */
    PendingAcks(BiFunction<Duration, Runnable, Future<?>> timer, int maxPending) {
        this.timer = timer;
        this.maxPending = maxPending;
    }

    /** @param sender sends the event with this id; false if the client has gone */
    CompletionStage<Event> ask(Duration timeout, Predicate<String> sender) {
        if (pending.size() >= maxPending) {
            return CompletableFuture.failedFuture(new EventException(
                    EventException.OVERLOADED, "The client has not yet answered " + maxPending + " events"));
        }
        String id = Long.toString(ids.incrementAndGet());
        CompletableFuture<Event> answer = new CompletableFuture<>();
        pending.put(id, answer);
        Future<?> alarm = timer.apply(
                timeout, () -> answer.completeExceptionally(new TimeoutException("No answer within " + timeout)));
        answer.whenComplete((data, failure) -> {
            pending.remove(id);
            alarm.cancel(false);
        });
        if (!sender.test(id)) {
            answer.completeExceptionally(gone());
        }
        return answer;
    }

    boolean answered(Event event) {
        CompletableFuture<Event> answer = event.id() == null ? null : pending.get(event.id());
        if (answer == null) {
            return false;
        }
        if (event.name().equals(Protocol.ACK)) {
            return answer.complete(event);
        }
        return answer.completeExceptionally(problem(event.data()));
    }

    void end() {
        pending.values().forEach(answer -> answer.completeExceptionally(gone()));
    }

    private static EventException problem(Data data) {
        try {
            return new EventException(data.string("code"), String.valueOf(data.string("message")));
        } catch (RuntimeException e) {
            return new EventException(EventException.INTERNAL, "The client reports an error of unknown form");
        }
    }

    private static EventException gone() {
        return new EventException(EventException.DISCONNECTED, "The client has gone");
    }
}
