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
    private final boolean durable;
    private final CompletableFuture<Log> result = new CompletableFuture<>();

    // Of the link's thread.
    /** The newest first. */
    private final List<Broker.StoredEvent> events = new ArrayList<>();

    /** Events from this one on are read already; null if nothing is read and the last ones are wanted. */
    private Position upper;

    /**
     * What the log has.
     *
     * @param first the number from which on nothing is missing in the page but what was deleted; {@link Long#MAX_VALUE} if the log has
     *     nothing there
     */
    record Log(Broker.HistoryPage page, long first) {}

    HistoryPaging(RedisBroker broker, RoomKeys keys, Position before, int limit) {
        this.broker = broker;
        this.keys = keys;
        this.limit = limit;
        durable = broker.isDurable(keys.room());
        upper = before;
    }

    private long first = Long.MAX_VALUE;
    /** Where the room was when the last events were read; null if it is not known. */
    private Position now;

    CompletionStage<Log> start() {
        ask();
        return result;
    }

    private void ask() {
        broker.link().submit(new RoomCalls.Before(keys, upper) {
            @Override
            void read(Position present, List<byte[]> messages, HiddenEvents hidden) {
                try {
                    add(present, messages, hidden);
                } catch (RuntimeException malformed) {
                    broker.malformed(keys.room(), malformed);
                    complete(false);
                }
            }

            @Override
            void failed(RuntimeException failure) {
                broker.complete(List.of(result), stage -> stage.completeExceptionally(CommandLink.unavailable()));
            }
        });
    }

    private void add(Position present, List<byte[]> messages, HiddenEvents hidden) {
        now = now == null ? present : now;
        Position reached = upper;
        boolean hole = false;
        for (byte[] message : messages) {
            EventBatch batch = EventBatch.parse(message);
            // An old dump does not have the last events of an epoch, and the history does.
            hole = durable && reached != null && batch.position().number() < reached.number() - 1;
            if (hole) {
                break;
            }
            List<EventBatch.Event> batched = batch.events(0);
            for (int i = batched.size() - 1; i >= 0; i--) {
                Position place = batched.get(i).frame().position();
                if (reached == null || place.number() < reached.number()) {
                    if (!hidden.hides(batch.at()) && !hidden.hides(place)) {
                        events.add(batch.stored(batched.get(i)));
                    }
                    reached = place;
                    first = place.number();
                }
            }
        }
        boolean progress = reached != null && !reached.equals(upper);
        if (events.size() > limit || hole || !progress || reached.number() <= 1) {
            complete(events.size() > limit);
        } else {
            upper = reached;
            ask();
        }
    }

    private void complete(boolean more) {
        List<Broker.StoredEvent> page = new ArrayList<>(events.subList(0, Math.min(limit, events.size())));
        Collections.reverse(page);
        Log log = new Log(new Broker.HistoryPage(page, more, now), first);
        broker.complete(List.of(result), stage -> stage.complete(log));
    }
}
