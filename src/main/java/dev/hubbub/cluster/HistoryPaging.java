package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads the last events before a position, backwards, in as many calls as it takes. */
final class HistoryPaging {
    private final RedisBroker broker;
    private final RoomKeys keys;
    private final int limit;
    private final CompletableFuture<Broker.HistoryPage> result = new CompletableFuture<>();

    // Of the link's thread.
    /** The newest first. */
    private final List<Broker.StoredEvent> events = new ArrayList<>();

    /** Events from this one on are read already; null if nothing is read and the last ones are wanted. */
    private Position upper;

    HistoryPaging(RedisBroker broker, RoomKeys keys, Position before, int limit) {
        this.broker = broker;
        this.keys = keys;
        this.limit = limit;
        upper = before;
    }

    CompletionStage<Broker.HistoryPage> result() {
        return result;
    }

    void start() {
        broker.link().submit(new RoomCalls.Before(keys, upper) {
            @Override
            void read(Position now, List<byte[]> messages) {
                try {
                    add(now, messages);
                } catch (RuntimeException malformed) {
                    broker.malformed(keys.room(), malformed);
                    complete(now, false);
                }
            }

            @Override
            void failed(RuntimeException failure) {
                broker.complete(List.of(result), stage -> stage.completeExceptionally(CommandLink.unavailable()));
            }
        });
    }

    private void add(Position now, List<byte[]> messages) {
        Position reached = upper;
        for (byte[] message : messages) {
            EventBatch batch = EventBatch.parse(message);
            List<EventBatch.Event> batched = batch.events(0);
            for (int i = batched.size() - 1; i >= 0; i--) {
                Position place = batched.get(i).frame().position();
                if (reached == null || place.number() < reached.number()) {
                    events.add(batch.stored(batched.get(i)));
                    reached = place;
                }
            }
        }
        boolean progress = reached != null && !reached.equals(upper);
        if (events.size() > limit || !progress || reached.number() <= 1) {
            complete(now, events.size() > limit);
        } else {
            upper = reached;
            start();
        }
    }

    private void complete(Position now, boolean more) {
        List<Broker.StoredEvent> page = new ArrayList<>(events.subList(0, Math.min(limit, events.size())));
        Collections.reverse(page);
        broker.complete(List.of(result), stage -> stage.complete(new Broker.HistoryPage(page, more, now)));
    }
}
