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
    /** What the script returns of each room. */
    private static final int RESULTS = 4;

    private final RedisBroker broker;
    private final List<String> names;
    private final byte[] body;
    private final Publication.Original original;
    private final List<RoomPart> parts = new ArrayList<>();
    /** By room, in the order of names: completes when the event was delivered here. */
    private final Map<String, CompletableFuture<Position>> stages = new LinkedHashMap<>();

    MultiPublishing(RedisBroker broker, List<String> names, byte[] body, Publication.Original original) {
        this.broker = broker;
        this.names = names;
        this.body = body;
        this.original = original;
        names.forEach(name -> stages.put(name, new CompletableFuture<>()));
    }

    void add(RoomPart part) {
        parts.add(part);
    }

    CompletionStage<Map<String, Position>> positions() {
        return positions(stages);
    }

    static CompletionStage<Map<String, Position>> positions(Map<String, CompletableFuture<Position>> stages) {
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
                .add(keyMillis());
        parts.forEach(part -> part.addTo(arguments, term));
        return arguments;
    }

    private long keyMillis() {
        return parts.stream().anyMatch(part -> part.stored() != null)
                ? RoomKeys.DURABLE_KEY_MS
                : broker.config().logAge().toMillis();
    }

    @Override
    void repeating() {
        parts.forEach(RoomPart::repeating);
    }

    @Override
    boolean isOutOfOrder(Object reply) {
        return "ORDER".equals(RedisConnection.text(((List<?>) reply).get(0)));
    }

    @Override
    void replied(Object reply) {
        List<?> result = (List<?>) reply;
        if ("KEYS".equals(RedisConnection.text(result.get(0)))) {
            int room = ((Long) result.get(1)).intValue() - 1;
            parts.get(room).stored().reopen();
            failed(StoredRoom.notReady());
            return;
        }
        long at = (Long) result.get(1);
        List<Position> elsewhere = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            RoomPart part = parts.get(i);
            part.arrived();
            int first = 2 + RESULTS * i;
            Position position = new Position(RedisConnection.text(result.get(first)), (Long) result.get(first + 1));
            boolean known = (Long) result.get(first + 2) == 1;
            Publication item =
                    new Publication(Publication.Kind.EVENT, body, null, stages.get(names.get(i)), null, original);
            List<CompletionStage<Void>> stored = null;
            if (part.stored() != null) {
                String former = RedisConnection.text(result.get(first + 3));
                stored = known
                        ? List.of(part.stored().appendKnown(position, at, item))
                        : part.stored().append(position, former, at, List.copyOf(elsewhere), List.of(item));
            }
            part.feed().arrived(new RoomEffects.Arrived(position, List.of(item), stored), known);
            elsewhere.add(position);
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
        parts.forEach(RoomPart::ended);
    }
}
