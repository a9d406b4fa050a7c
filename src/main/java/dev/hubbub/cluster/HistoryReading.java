package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads what follows a position in the room's present epoch, in as many calls as it takes. */
final class HistoryReading {
    /** More events than fit into any outbox: a client that has missed so many starts anew. */
    private static final int MAX_EVENTS = 10_000;

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final Map<String, Long> seen;
    private final int limit;
    private final CompletableFuture<Broker.HistoryRead> result = new CompletableFuture<>();

    // Of the link's thread.
    private final List<Broker.StoredEvent> events = new ArrayList<>();
    private Position from;
    private long reached;

    /** @param seen numbers by epoch, of any rooms */
    HistoryReading(RedisBroker broker, RoomKeys keys, Map<String, Long> seen, int limit) {
        this.broker = broker;
        this.keys = keys;
        this.seen = seen;
        this.limit = limit;
    }

    CompletionStage<Broker.HistoryRead> result() {
        return result;
    }

    /** @param epoch that of the room, as far as this node knows; empty if it does not */
    void start(String epoch) {
        Long number = seen.get(epoch);
        from = number == null ? null : new Position(epoch, number);
        reached = number == null ? 0 : number;
        ask();
    }

    private void ask() {
        broker.link().submit(new RoomCalls.Since(keys, from == null ? "" : from.epoch(), reached) {
            @Override
            void read(RoomCalls.Read read) {
                try {
                    add(read);
                } catch (RuntimeException malformed) {
                    broker.malformed(keys.room(), malformed);
                    complete(null, null);
                }
            }

            @Override
            void failed(RuntimeException failure) {
                broker.complete(List.of(result), stage -> stage.completeExceptionally(CommandLink.unavailable()));
            }
        });
    }

    private void add(RoomCalls.Read read) {
        if (read == null) {
            from = null;
            complete(null, null);
            return;
        }
        Position now = read.position();
        if (from == null || !now.epoch().equals(from.epoch())) {
            if (seen.containsKey(now.epoch()) && events.isEmpty()) {
                start(now.epoch());
            } else {
                from = null;
                complete(null, now);
            }
            return;
        }
        if (!read.sameTerm() || reached > now.number()) {
            complete(null, now);
            return;
        }
        for (byte[] message : read.messages()) {
            EventBatch batch = EventBatch.parse(message);
            if (batch.before() > reached || read.hidden().hides(batch.at())) {
                complete(null, now); // some are forgotten
                return;
            }
            for (EventBatch.Event event : batch.events(reached)) {
                if (events.size() == MAX_EVENTS) {
                    complete(null, now);
                    return;
                }
                if (events.size() < limit && !read.hidden().hides(event.frame().position())) {
                    events.add(batch.stored(event));
                }
            }
            reached = batch.position().number();
        }
        if (events.size() >= limit || reached >= now.number()) {
            complete(events, now);
        } else if (read.messages().isEmpty()) {
            complete(null, now);
        } else {
            ask();
        }
    }

    private void complete(List<Broker.StoredEvent> read, Position now) {
        Position counted = from;
        broker.complete(List.of(result), stage -> stage.complete(new Broker.HistoryRead(read, counted, now)));
    }
}
