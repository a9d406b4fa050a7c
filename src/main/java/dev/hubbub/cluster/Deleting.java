package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.History;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;

/** Deletes events: they are hidden in the log, which has them until it expires, and deleted from the history. */
final class Deleting {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RedisBroker broker;
    private final RoomKeys keys;
    /** Null if the room is not durable. */
    private final History history;

    Deleting(RedisBroker broker, RoomKeys keys, History history) {
        this.broker = broker;
        this.keys = keys;
        this.history = history;
    }

    /** As {@link dev.hubbub.hub.Broker#delete}. */
    CompletionStage<Boolean> event(Position position) {
        CompletionStage<Long> hidden = ask(
                broker,
                () -> Call.script(Script.DELETE, 2)
                        .add(keys.log() + position.epoch())
                        .add(keys.hidden())
                        .add(position.epoch())
                        .add(position.number())
                        .add(broker.config().logMillis())
                        .add(HiddenEvents.MAX));
        long end = System.nanoTime() + broker.config().patience().toNanos();
        return hidden.thenCompose(found ->
                history == null ? CompletableFuture.completedFuture(found == 1) : stored(position, found == 1, end));
    }

    /**
     * @param logged whether the log had it: then it is in the history, or another node is about to store it
     * @param end until when the latter is waited for, by {@link System#nanoTime}
     */
    private CompletionStage<Boolean> stored(Position position, boolean logged, long end) {
        return history.delete(keys.room(), position).thenCompose(deleted -> {
            if (deleted || !logged) {
                return CompletableFuture.completedFuture(deleted);
            }
            if (System.nanoTime() - end > 0) {
                throw new EventException(EventException.UNAVAILABLE, "The event is not stored yet; try again later");
            }
            CompletableFuture<Boolean> again = new CompletableFuture<>();
            broker.schedule(
                    "deletion",
                    PAUSE,
                    () -> stored(position, true, end).whenComplete((result, failure) -> {
                        if (failure == null) {
                            again.complete(result);
                        } else {
                            again.completeExceptionally(failure);
                        }
                    }));
            return again;
        });
    }

    /** As {@link dev.hubbub.hub.Broker#deleteAll}. */
    CompletionStage<Long> all() {
        CompletionStage<Long> hidden = ask(
                broker,
                () -> Call.script(Script.FORGET, 2)
                        .add(keys.meta())
                        .add(keys.hidden())
                        .add(keys.log())
                        .add(broker.config().logMillis()));
        return history == null ? hidden : hidden.thenCompose(count -> history.deleteRoom(keys.room()));
    }

    /** Hides all events of the namespace. */
    static CompletionStage<Void> forgetAll(RedisBroker broker, RoomKeys keys) {
        return ask(
                        broker,
                        () -> Call.script(Script.FORGET_ALL, 1)
                                .add(keys.hiddenOfAll())
                                .add(broker.config().logMillis()))
                .thenApply(reply -> null);
    }

    /** What makes the arguments of a call. */
    private interface Arguments {
        CommandArguments make();
    }

    private static CompletionStage<Long> ask(RedisBroker broker, Arguments arguments) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        Consumer<Consumer<CompletableFuture<Long>>> complete =
                completion -> broker.complete(List.of(answer), completion);
        broker.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return arguments.make();
            }

            @Override
            void replied(Object reply) {
                complete.accept(stage -> stage.complete(reply instanceof Long number ? number : 0L));
            }

            @Override
            void failed(RuntimeException failure) {
                complete.accept(stage -> stage.completeExceptionally(CommandLink.unavailable()));
            }
        });
        return answer;
    }
}
