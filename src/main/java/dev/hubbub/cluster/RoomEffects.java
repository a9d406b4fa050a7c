package dev.hubbub.cluster;

import dev.hubbub.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** Holds the lock of a room's feed, and does afterwards what must not be done with it: writing, and acknowledging. */
final class RoomEffects implements AutoCloseable {
    private final RedisBroker broker;
    private final ReentrantLock lock;
    private final List<Runnable> writes = new ArrayList<>();
    private final List<Arrived> delivered = new ArrayList<>();

    /**
     * Events that Redis has taken.
     *
     * @param last the position of the last one
     * @param stored complete when the events are stored; null if they are not stored
     */
    record Arrived(Position last, List<Publication> items, List<CompletionStage<Void>> stored) {}

    RoomEffects(RedisBroker broker, ReentrantLock lock) {
        this.broker = broker;
        this.lock = lock;
        lock.lock();
    }

    /** @param writing null if nothing is to be written */
    void write(Runnable writing) {
        if (writing != null) {
            writes.add(writing);
        }
    }

    void acknowledge(Arrived batch) {
        delivered.add(batch);
    }

    @Override
    public void close() {
        lock.unlock();
        if (!writes.isEmpty()) {
            broker.write(writes);
        }
        delivered.forEach(broker::acknowledge);
    }
}
