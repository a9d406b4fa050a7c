package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The history of one durable room, as a node of a cluster writes it. An epoch is stored before this node publishes in it, and the
 * node that has published an event stores it when Redis has taken it. Idempotency keys that Redis has lost are restored from the
 * history before it takes events with keys.
 */
final class StoredRoom {
    /** Keys that one call restores. */
    private static final int KEYS = 500;

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final History history;
    private final RoomPublisher publisher;

    // Guarded by this.
    /** The last epoch that this node has had stored, or is having stored. */
    private String epoch = "";

    private CompletableFuture<Void> beginning;

    /** The last epoch that was begun to end those before it. */
    private String endedBy = "";

    private CompletionStage<Void> ended = DONE;

    private volatile boolean open;

    StoredRoom(RedisBroker broker, RoomKeys keys, History history, RoomPublisher publisher) {
        this.broker = broker;
        this.keys = keys;
        this.history = history;
        this.publisher = publisher;
    }

    /** Whether events can be published. */
    boolean isOpen() {
        return open;
    }

    static EventException notReady() {
        return new EventException(
                EventException.UNAVAILABLE, "The cluster has lost the room's keys, and restores them; try again");
    }

    /** Has the room's epoch stored, if that has not been done. @return completes when events can be published */
    CompletionStage<Void> begin() {
        CompletableFuture<Void> now;
        synchronized (this) {
            if (beginning != null) {
                return beginning;
            }
            now = new CompletableFuture<>();
            beginning = now;
        }
        broker.link().submit(new RoomCalls.Begin(keys) {
            @Override
            void begun(String present, String former, boolean hasKeys) {
                store(present, former)
                        .thenCompose(known -> hasKeys ? DONE : restore(present, known))
                        .whenComplete((nothing, failure) -> ended(now, failure));
            }

            @Override
            void failed(RuntimeException failure) {
                broker.complete(List.of(now), stage -> ended(now, CommandLink.unavailable()));
            }
        });
        return now;
    }

    private void ended(CompletableFuture<Void> now, Throwable failure) {
        if (failure == null) {
            open = true;
            publisher.resume();
            now.complete(null);
            return;
        }
        synchronized (this) {
            if (beginning == now) {
                beginning = null;
                epoch = "";
            }
        }
        publisher.refuse(RedisBroker.unavailable(failure));
        now.completeExceptionally(failure);
    }

    /** Redis does not know the keys of this room: they are restored. */
    void reopen() {
        synchronized (this) {
            open = false;
            beginning = null;
        }
        begin();
    }

    /** The room is in this epoch. */
    void reached(String present, String former) {
        synchronized (this) {
            if (epoch.isEmpty() || epoch.equals(present)) {
                return;
            }
        }
        store(present, former);
        reopen();
    }

    private CompletionStage<List<History.KeyedPosition>> store(String present, String former) {
        synchronized (this) {
            epoch = present;
        }
        return history.begin(keys.room(), former.isEmpty() ? null : former, present);
    }

    private CompletionStage<Void> restore(String present, List<History.KeyedPosition> known) {
        CompletableFuture<Void> restored = new CompletableFuture<>();
        for (int from = 0; from == 0 || from < known.size(); from += KEYS) {
            List<History.KeyedPosition> some = known.subList(from, Math.min(known.size(), from + KEYS));
            boolean last = from + KEYS >= known.size();
            broker.link().submit(new RoomCalls.Restore(keys, present, some, last) {
                @Override
                void replied(Object reply) {
                    if (last) {
                        broker.complete(List.of(restored), stage -> stage.complete(null));
                    }
                }

                @Override
                void failed(RuntimeException failure) {
                    broker.complete(List.of(restored), stage -> stage.completeExceptionally(CommandLink.unavailable()));
                }
            });
        }
        return restored;
    }

    /** @throws dev.hubbub.EventException if the history cannot take the event */
    void requireAccepts(Frame event) {
        history.requireAccepts(event.size());
    }

    /**
     * Stores events that Redis has taken, in order.
     *
     * @param last the position of the last one
     * @param former the epoch before that one; empty if there was none
     * @param at when they were published, in milliseconds since 1970
     * @return a stage for each event, which completes when it is stored
     */
    List<CompletionStage<Void>> append(
            Position last, String former, long at, List<Position> elsewhere, List<Publication> items) {
        reached(last.epoch(), former);
        List<CompletionStage<Void>> stages = new ArrayList<>(items.size());
        long number = last.number() - items.size();
        for (Publication item : items) {
            number++;
            stages.add(append(new Position(last.epoch(), number), at, elsewhere, item));
        }
        return stages;
    }

    private CompletionStage<Void> append(Position position, long at, List<Position> elsewhere, Publication item) {
        Publication.Original original = item.stored();
        Set<String> except = original.except();
        Broker.StoredEvent event = new Broker.StoredEvent(
                original.event().at(position), except.isEmpty() ? Set.of() : Set.copyOf(except), elsewhere, at);
        return history.append(keys.room(), event, original.source()).whenComplete((nothing, failure) -> {
            if (failure != null
                    && item.key() != null
                    && RedisBroker.unavailable(failure) instanceof History.EndedEpochException) {
                forget(item.key(), position);
            }
        });
    }

    /** An event was not stored: Redis, which may have an old dump, no longer knows its key, so that it can be published again. */
    private void forget(String key, Position position) {
        broker.link()
                .submit(Call.of(
                        () -> Call.script(Script.DELETE_OWN, 1).add(key).add(position.toString()), reply -> {}));
    }

    /**
     * Stores an event that had been published with the same key before: the node that did so may have ended before it was stored.
     *
     * @param position of the event
     */
    CompletionStage<Void> appendKnown(Position position, long at, Publication item) {
        return append(position, at, List.of(), item);
    }

    /**
     * What is stored of an epoch after a position.
     *
     * @param next the next epoch, which is begun before so that nothing is stored in this one any more; null if it is not known
     * @param former the epoch before the next one; empty if it is not known
     * @return completes with null if it cannot be read, or is too much
     */
    CompletionStage<List<Broker.StoredEvent>> restOf(Position position, String next, String former) {
        CompletionStage<Void> end = next == null ? DONE : endFormer(next, former.isEmpty() ? position.epoch() : former);
        return end.thenCompose(begun -> restOf(position)).exceptionally(unavailable -> null);
    }

    /**
     * Has an epoch begun.
     *
     * @param former the epoch before it; null if it is not known
     * @return completes when nothing is stored in the epochs before any more
     */
    synchronized CompletionStage<Void> endFormer(String present, String former) {
        if (!present.equals(endedBy) || ended.toCompletableFuture().isCompletedExceptionally()) {
            endedBy = present;
            ended = history.begin(keys.room(), former, present).thenAccept(keysOfLastDay -> {});
        }
        return ended;
    }

    private CompletionStage<List<Broker.StoredEvent>> restOf(Position position) {
        return history.since(keys.room(), Map.of(position.epoch(), position.number()), null, History.MAX_MISSED)
                .exceptionally(unavailable -> Broker.HistoryRead.UNKNOWN)
                .thenApply(read -> read.events() == null
                        ? null
                        : read.events().stream()
                                .filter(event ->
                                        event.event().position().epoch().equals(position.epoch()))
                                .toList());
    }
}
