package dev.hubbub.cluster;

import dev.hubbub.EventException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redis.clients.jedis.CommandArguments;

/** Asks for a place in a room for a client that is about to join. */
final class Reserving extends Call {
    /** How long a place is kept for a client whose membership is not announced. */
    private static final int MS = 60_000;

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final String client;
    private final int max;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    Reserving(RedisBroker broker, RoomKeys keys, String client, int max) {
        this.broker = broker;
        this.keys = keys;
        this.client = client;
        this.max = max;
    }

    /** Submits it. @return fails also if Redis has had it for longer than the patience, and has not answered */
    CompletableFuture<Void> start() {
        broker.link().submit(this);
        if (!result.isDone()) {
            broker.schedule("place", broker.config().patience(), () -> {
                if (!result.isDone()) {
                    failed(CommandLink.unavailable());
                }
            });
        }
        return result;
    }

    @Override
    CommandArguments arguments(String term) {
        return script(Script.RESERVE, 3)
                .add(keys.members())
                .add(keys.counts())
                .add(keys.places())
                .add(client)
                .add(max)
                .add(MS);
    }

    @Override
    void replied(Object reply) {
        boolean full = (Long) reply == 0;
        broker.complete(List.of(result), stage -> {
            if (full) {
                stage.completeExceptionally(new EventException(EventException.TOO_LARGE, "The room is full"));
            } else if (!stage.complete(null)) {
                broker.cancel(keys, client); // too late
            }
        });
    }

    @Override
    void failed(RuntimeException failure) {
        RuntimeException told = failure instanceof EventException ? failure : CommandLink.unavailable();
        broker.complete(List.of(result), stage -> stage.completeExceptionally(told));
    }
}
