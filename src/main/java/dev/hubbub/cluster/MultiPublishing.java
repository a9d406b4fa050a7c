package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import redis.clients.jedis.CommandArguments;

/** One event on its way to several rooms. */
final class MultiPublishing extends Call {
    private final RedisBroker broker;
    private final List<String> names;
    private final byte[] body;
    private final List<RoomPublisher.MultiPart> parts = new ArrayList<>();
    /** By room, in the order of names: completes when the event was delivered here. */
    private final Map<String, CompletableFuture<Position>> stages = new LinkedHashMap<>();

    MultiPublishing(RedisBroker broker, List<String> names, byte[] body) {
        this.broker = broker;
        this.names = names;
        this.body = body;
        names.forEach(name -> stages.put(name, new CompletableFuture<>()));
    }

    void add(RoomPublisher.MultiPart part) {
        parts.add(part);
    }

    CompletionStage<Map<String, Position>> positions() {
        return CompletableFuture.allOf(stages.values().toArray(new CompletableFuture<?>[0]))
                .thenApply(nothing -> {
                    Map<String, Position> positions = new LinkedHashMap<>();
                    stages.forEach((name, stage) -> positions.put(name, stage.join()));
                    return positions;
                });
    }

    @Override
    int size() {
        return 256 * names.size() + body.length;
    }

    @Override
    void sending() {
        broker.queue().remove(body.length);
    }

    @Override
    CommandArguments arguments(String term) {
        CommandArguments arguments = script(Script.PUBLISH_ALL, parts.size());
        parts.forEach(part -> arguments.add(part.keys().meta()));
        arguments
                .add(term)
                .add(broker.node())
                .add(body)
                .add(RoomKeys.META_MS)
                .add(broker.config().logMillis())
                .add(broker.config().logAge().toMillis());
        parts.forEach(part -> part.addTo(arguments));
        return arguments;
    }

    @Override
    void repeating() {
        parts.forEach(RoomPublisher.MultiPart::repeating);
    }

    @Override
    boolean isOutOfOrder(Object reply) {
        return "ORDER".equals(RedisConnection.text(((List<?>) reply).get(0)));
    }

    @Override
    void replied(Object reply) {
        List<?> result = (List<?>) reply;
        for (int i = 0; i < parts.size(); i++) {
            RoomPublisher.MultiPart part = parts.get(i);
            part.arrived();
            Position position = new Position(RedisConnection.text(result.get(1 + 3 * i)), (Long) result.get(2 + 3 * i));
            part.feed()
                    .arrived(
                            position,
                            List.of(new RoomPublisher.Item(
                                    RoomPublisher.Kind.EVENT, body, null, stages.get(names.get(i)), null)),
                            (Long) result.get(3 + 3 * i) == 1);
            part.ended();
        }
    }

    @Override
    void failed(RuntimeException failure) {
        if (!written) {
            broker.queue().remove(body.length);
        }
        RuntimeException told = failure instanceof EventException ? failure : CommandLink.unavailable();
        broker.complete(new ArrayList<>(stages.values()), stage -> stage.completeExceptionally(told));
        parts.forEach(RoomPublisher.MultiPart::ended);
    }
}
