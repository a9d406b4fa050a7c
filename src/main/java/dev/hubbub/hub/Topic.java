package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One room as the {@link MemoryBroker} sees it: its order, its memory, its keys, and where its events are stored. Everything is
 * guarded by {@link #lock}, or by the broker's exclusive lock of all rooms.
 */
final class Topic {
    final ReentrantLock lock = new ReentrantLock();
    final RoomLog log;

    private final RoomLog.Limits limits;
    /** Null if the room's events are not stored. */
    private final DurableRoom durable;
    /** Null until an event has a key. */
    private KeyLog keys;

    Broker.Follower follower;
    /** Nobody follows the room, and the broker counts it among those. */
    boolean isIdle;

    boolean removed;
    /** By {@link System#nanoTime}. */
    long usedAt;

    /** @param durable null if the room's events are not stored */
    Topic(RoomLog.Limits limits, DurableRoom durable) {
        this.limits = limits;
        this.durable = durable;
        log = new RoomLog(limits);
    }

    /** Whether events can be published: not until the epoch of a durable room is stored. */
    boolean isOpen() {
        return durable == null || durable.isOpen();
    }

    /** Whether the epoch of a durable room is being stored, and the topic must not be removed. */
    boolean isBeginning() {
        return durable != null && durable.isBeginning();
    }

    /** @throws dev.hubbub.EventException if the room is durable, and its history cannot take the event */
    void requireAccepts(Frame event) {
        if (durable != null) {
            durable.requireAccepts(event);
        }
    }

    /** The position of the event that had this key; null if there was none. */
    CompletionStage<Position> earlier(Source.KeyHash key) {
        if (keys == null) {
            return null;
        }
        keys.trim(System.nanoTime(), limits.age());
        return keys.find(key);
    }

    /** Gives an event its position and remembers it. A droppable event gets none. */
    Frame place(Frame event, Set<String> except, List<Position> elsewhere, long now) {
        usedAt = now;
        return event.delivery().droppable() ? event : log.append(event, except, elsewhere, now);
    }

    /**
     * Has an event stored that was {@linkplain #place placed}.
     *
     * @param key null for none
     * @return completes with its position when it is stored; for a droppable event with the position of the event before it
     */
    CompletionStage<Position> store(
            Frame placed, Set<String> except, List<Position> elsewhere, long now, Source source, Source.KeyHash key) {
        Position position = placed.position();
        CompletionStage<Position> stored = durable == null || position == null
                ? CompletableFuture.completedFuture(position == null ? log.position() : position)
                : durable.append(placed, except, elsewhere, now, source);
        if (key != null) {
            keys().add(key, stored, now);
        }
        return stored;
    }

    private KeyLog keys() {
        keys = keys == null ? new KeyLog(limits.available()) : keys;
        return keys;
    }

    /** Forgets events and keys that are too old. */
    void trim(long now) {
        log.trim(now);
        if (keys != null) {
            keys.trim(now, limits.age());
        }
    }

    void clear() {
        log.clear();
        if (keys != null) {
            keys.clear();
        }
    }

    /** Runs a task when the room is open, after those that wait already. */
    <T> CompletionStage<T> whenOpen(Supplier<CompletionStage<T>> task) {
        CompletionStage<T> waiting = durable.whenOpen(task);
        begin();
        return waiting;
    }

    /** Opens a durable room if that has not been done yet. */
    CompletableFuture<Void> begin() {
        usedAt = System.nanoTime();
        return durable.begin(log.epoch(), this::opened, this::failed);
    }

    private void opened(List<History.KeyedPosition> known) {
        Runnable next = locked(room -> {
            long now = System.nanoTime();
            known.forEach(each -> keys().add(each.key(), CompletableFuture.completedFuture(each.position()), now));
            return room.nextWaiting();
        });
        while (next != null) {
            next.run();
            next = locked(DurableRoom::nextWaiting);
        }
    }

    private void failed(Throwable failure) {
        locked(room -> room.failed(failure)).run();
    }

    private Runnable locked(Function<DurableRoom, Runnable> action) {
        lock.lock();
        try {
            return action.apply(durable);
        } finally {
            lock.unlock();
        }
    }
}
