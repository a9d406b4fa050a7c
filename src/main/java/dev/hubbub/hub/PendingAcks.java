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
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The events that one client has still to acknowledge.
 *
 * <p>Each stage completes on the application executor, because what depends on it is application code: it must block neither
 * the scheduler nor a thread that reads sockets.
 */
final class PendingAcks {
    private final Scheduler scheduler;
    private final Executor application;
    private final Map<String, CompletableFuture<Event>> pending = new ConcurrentHashMap<>(1);
    private final AtomicLong ids = new AtomicLong();
    private final int maxPending;

    /** @param maxPending a client with as many unacknowledged events is asked no more */
    PendingAcks(Scheduler scheduler, Executor application, int maxPending) {
        this.scheduler = scheduler;
        this.application = application;
        this.maxPending = maxPending;
    }

    /** @param sender sends the event with the id that it is given; returns false if the client has disconnected */
    CompletionStage<Event> ask(Duration timeout, Predicate<String> sender) {
        if (pending.size() >= maxPending) {
            return CompletableFuture.failedFuture(new EventException(
                    EventException.OVERLOADED, "The client has not acknowledged " + maxPending + " events"));
        }
        String id = Long.toString(ids.incrementAndGet());
        CompletableFuture<Event> answer = new CompletableFuture<>();
        pending.put(id, answer);
        Future<?> alarm = scheduler.schedule(
                "acknowledgement time-out",
                timeout,
                () -> fail(id, new TimeoutException("No acknowledgement within " + timeout)));
        answer.whenComplete((event, failure) -> alarm.cancel(false));
        if (!sender.test(id)) {
            fail(id, disconnected());
        }
        return answer;
    }

    /** @return false if no event with this id waits for an acknowledgement */
    boolean answered(Event event) {
        CompletableFuture<Event> answer = event.id() == null ? null : pending.remove(event.id());
        if (answer == null) {
            return false;
        }
        if (event.name().equals(Protocol.ACK)) {
            complete(() -> answer.complete(event));
        } else {
            EventException problem = problem(event.data());
            complete(() -> answer.completeExceptionally(problem));
        }
        return true;
    }

    /** The client has disconnected. */
    void end() {
        pending.keySet().forEach(id -> fail(id, disconnected()));
    }

    private void fail(String id, Exception failure) {
        CompletableFuture<Event> answer = pending.remove(id);
        if (answer != null) {
            complete(() -> answer.completeExceptionally(failure));
        }
    }

    private void complete(Runnable completion) {
        try {
            application.execute(completion);
        } catch (RejectedExecutionException stopped) {
            completion.run(); // nobody else would: the hub has stopped
        }
    }

    private static EventException problem(Data data) {
        try {
            return new EventException(data.string("code"), String.valueOf(data.string("message")));
        } catch (RuntimeException e) {
            return new EventException(EventException.INTERNAL, "The client reports an error of unknown form");
        }
    }

    private static EventException disconnected() {
        return new EventException(EventException.DISCONNECTED, "The client has disconnected");
    }
}
