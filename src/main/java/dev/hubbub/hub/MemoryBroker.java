package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;

/**
 * The broker of a single process. Events are kept in memory and delivered by the thread that publishes them.
 *
 * <p>Locks: publishing to one room takes that room's {@link Topic#lock}, and {@link #rooms} shared. Publishing to several rooms
 * takes {@code rooms} exclusively, and so has one place in the order of each room although it never holds several of their
 * locks. The lock of a {@link Follower} comes after both.
 */
final class MemoryBroker implements Broker {
    /** Topics that nobody follows, kept for clients that may return. A client that opens more rooms than that gains nothing. */
    private static final int MAX_IDLE = 10_000;

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final RoomLog.Limits limits;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final StampedLock rooms = new StampedLock();

    /** One room as the broker sees it. */
    private static final class Topic {
        final ReentrantLock lock = new ReentrantLock();

        // Guarded by lock, or by rooms held exclusively.
        final RoomLog log;
        Follower follower;
        /** Counted in {@link #idle}. */
        boolean isIdle;

        boolean removed;
        /** By {@link System#nanoTime}. */
        long usedAt;

        Topic(RoomLog.Limits limits) {
            log = new RoomLog(limits);
        }
    }

    MemoryBroker(RoomLog.Limits limits) {
        this.limits = limits;
    }

    /** How often {@link #forgetOld} is to be called. */
    Duration retentionInterval() {
        Duration eighth = limits.age().dividedBy(8);
        return eighth.toMillis() < 50 ? Duration.ofMillis(50) : eighth;
    }

    @Override
    public CompletionStage<Position> publish(String room, Frame event, Set<String> except) {
        long shared = rooms.readLock();
        Position position;
        Runnable writing;
        try {
            Topic topic = lockedTopic(room);
            try {
                long now = System.nanoTime();
                Frame placed = place(topic, event, except, List.of(), now);
                position = placed.position() == null ? topic.log.position() : placed.position();
                writing = topic.follower == null ? null : topic.follower.deliver(placed, except, null);
            } finally {
                unlock(room, topic);
            }
        } finally {
            rooms.unlockRead(shared);
        }
        Writers.run(writing);
        return CompletableFuture.completedFuture(position);
    }

    @Override
    public CompletionStage<Map<String, Position>> publish(Collection<String> names, Frame event, Set<String> except) {
        Map<String, Position> positions = new LinkedHashMap<>();
        List<Position> elsewhere = new ArrayList<>();
        List<Runnable> writing = new ArrayList<>();
        Set<String> reached = new HashSet<>();
        long exclusive = rooms.writeLock();
        try {
            for (String room : new TreeSet<>(names)) {
                Topic topic = lockedTopic(room); // join and retention do not take "rooms"
                try {
                    Frame placed = place(topic, event, except, elsewhere, System.nanoTime());
                    if (topic.follower != null) {
                        writing.add(topic.follower.deliver(placed, except, reached));
                    }
                    positions.put(room, placed.position() == null ? topic.log.position() : placed.position());
                    if (placed.position() != null) {
                        elsewhere.add(placed.position());
                    }
                } finally {
                    unlock(room, topic);
                }
            }
        } finally {
            rooms.unlockWrite(exclusive);
        }
        writing.forEach(Writers::run);
        return CompletableFuture.completedFuture(positions);
    }

    private static Frame place(Topic topic, Frame event, Set<String> except, List<Position> elsewhere, long now) {
        topic.usedAt = now;
        return event.delivery().droppable() ? event : topic.log.append(event, except, elsewhere, now);
    }

    /** The room's topic, new if there is none, with its lock. */
    private Topic lockedTopic(String room) {
        while (true) {
            Topic topic = topics.get(room);
            if (topic == null) {
                topic = topics.computeIfAbsent(room, name -> new Topic(limits));
            }
            topic.lock.lock();
            if (!topic.removed) {
                return topic;
            }
            topic.lock.unlock();
        }
    }

    /** A topic that nobody follows is kept if there are not too many of them. */
    private void unlock(String room, Topic topic) {
        if (topic.follower == null && !topic.isIdle) {
            topic.isIdle = true;
            if (idle.incrementAndGet() > MAX_IDLE) {
                remove(room, topic);
            }
        }
        topic.lock.unlock();
    }

    /** Called with the topic's lock. */
    private void remove(String room, Topic topic) {
        topic.removed = true;
        topic.log.clear();
        topics.remove(room, topic);
        leaveIdle(topic);
    }

    private void leaveIdle(Topic topic) {
        if (topic.isIdle) {
            topic.isIdle = false;
            idle.decrementAndGet();
        }
    }

    @Override
    public CompletionStage<Void> open(String room, Follower follower) {
        Topic topic = lockedTopic(room);
        try {
            leaveIdle(topic);
            topic.follower = follower;
            follower.opened(topic.log.position());
        } finally {
            unlock(room, topic);
        }
        return DONE;
    }

    @Override
    public void close(String room, Follower follower) {
        Topic topic = topics.get(room);
        if (topic == null) {
            return;
        }
        topic.lock.lock();
        try {
            if (topic.follower == follower) {
                topic.follower = null;
                topic.usedAt = System.nanoTime();
            }
        } finally {
            if (topic.removed) {
                topic.lock.unlock();
            } else {
                unlock(room, topic);
            }
        }
    }

    @Override
    public CompletionStage<HistoryRead> since(String room, String epoch, long number, int limit) {
        Topic topic = topics.get(room);
        if (topic == null) {
            return CompletableFuture.completedFuture(new HistoryRead(null, null));
        }
        topic.lock.lock();
        try {
            boolean known = topic.log.epoch().equals(epoch);
            topic.usedAt = System.nanoTime();
            return CompletableFuture.completedFuture(
                    new HistoryRead(known ? topic.log.since(number, limit) : null, topic.log.position()));
        } finally {
            topic.lock.unlock();
        }
    }

    @Override
    public Position position(String room) {
        Topic topic = topics.get(room);
        if (topic == null) {
            return null;
        }
        topic.lock.lock();
        try {
            return topic.log.position();
        } finally {
            topic.lock.unlock();
        }
    }

    /** Forgets events that are too old, and rooms that nobody has used for as long. */
    void forgetOld() {
        topics.forEach((room, topic) -> {
            topic.lock.lock();
            try {
                long now = System.nanoTime();
                topic.log.trim(now);
                if (topic.isIdle && now - topic.usedAt > limits.age().toNanos()) {
                    remove(room, topic);
                }
            } finally {
                topic.lock.unlock();
            }
        });
    }

    /** How many topics are remembered. */
    int size() {
        return topics.size();
    }
}
