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
import java.util.function.Function;

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
        /** Null until an event has a key. */
        KeyLog keys;

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
    public CompletionStage<Position> publish(String room, Frame event, Set<String> except, Source source) {
        Source.KeyHash key = source.key() == null ? null : source.keyHash();
        CompletionStage<Position> published;
        Runnable writing;
        long shared = rooms.readLock();
        try {
            Topic topic = lockedTopic(room);
            try {
                CompletionStage<Position> earlier = key == null ? null : earlier(topic, key);
                if (earlier != null) {
                    return earlier;
                }
                long now = System.nanoTime();
                Frame placed = place(topic, event, except, List.of(), now);
                published = CompletableFuture.completedFuture(position(topic, placed));
                if (key != null) {
                    topic.keys.add(key, published, now);
                }
                writing = topic.follower == null ? null : topic.follower.deliver(placed, except, null);
            } finally {
                unlock(room, topic);
            }
        } finally {
            rooms.unlockRead(shared);
        }
        Writers.run(writing);
        return published;
    }

    /** Called with the topic's lock. @return the position of the event that had this key; null if there was none */
    private CompletionStage<Position> earlier(Topic topic, Source.KeyHash key) {
        if (topic.keys == null) {
            topic.keys = new KeyLog(limits.available());
        }
        topic.keys.trim(System.nanoTime(), limits.age());
        return topic.keys.find(key);
    }

    private static Position position(Topic topic, Frame placed) {
        return placed.position() == null ? topic.log.position() : placed.position();
    }

    @Override
    public CompletionStage<Map<String, Position>> publish(
            Collection<String> names, Frame event, Set<String> except, Source source) {
        Source.KeyHash key = source.keyHash();
        Map<String, CompletionStage<Position>> published = new LinkedHashMap<>();
        List<Position> elsewhere = new ArrayList<>();
        List<Runnable> writing = new ArrayList<>();
        Set<String> reached = new HashSet<>();
        long exclusive = rooms.writeLock();
        try {
            for (String room : new TreeSet<>(names)) {
                Topic topic = lockedTopic(room); // join and retention do not take "rooms"
                try {
                    CompletionStage<Position> earlier = key == null ? null : earlier(topic, key);
                    if (earlier != null) {
                        published.put(room, earlier);
                        continue;
                    }
                    long now = System.nanoTime();
                    Frame placed = place(topic, event, except, elsewhere, now);
                    published.put(room, CompletableFuture.completedFuture(position(topic, placed)));
                    if (key != null) {
                        topic.keys.add(key, published.get(room), now);
                    }
                    if (topic.follower != null) {
                        writing.add(topic.follower.deliver(placed, except, reached));
                    }
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
        return all(published);
    }

    private static CompletionStage<Map<String, Position>> all(Map<String, CompletionStage<Position>> published) {
        return CompletableFuture.allOf(published.values().stream()
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .thenApply(nothing -> {
                    Map<String, Position> positions = new LinkedHashMap<>();
                    published.forEach((room, stage) ->
                            positions.put(room, stage.toCompletableFuture().join()));
                    return positions;
                });
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
        if (topic.keys != null) {
            topic.keys.clear();
        }
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
    public CompletionStage<HistoryRead> since(String room, Map<String, Long> seen, int limit) {
        return read(room, HistoryRead.UNKNOWN, log -> {
            Long number = seen.get(log.epoch());
            List<StoredEvent> missed = number == null ? null : log.since(number, limit);
            return new HistoryRead(missed, missed == null ? null : new Position(log.epoch(), number), log.position());
        });
    }

    @Override
    public CompletionStage<HistoryPage> before(String room, Position before, int limit) {
        return read(room, new HistoryPage(List.of(), false, null), log -> {
            boolean known = before == null || before.epoch().equals(log.epoch());
            long end = before == null ? Long.MAX_VALUE : before.number();
            List<StoredEvent> last = known ? log.before(end, limit) : List.of();
            boolean more = !last.isEmpty()
                    && log.hasBefore(last.get(0).event().position().number());
            return new HistoryPage(last, more, log.position());
        });
    }

    private <T> CompletionStage<T> read(String room, T unknown, Function<RoomLog, T> reader) {
        Topic topic = topics.get(room);
        if (topic == null) {
            return CompletableFuture.completedFuture(unknown);
        }
        topic.lock.lock();
        try {
            topic.usedAt = System.nanoTime();
            topic.log.trim(topic.usedAt);
            return CompletableFuture.completedFuture(reader.apply(topic.log));
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
                if (topic.keys != null) {
                    topic.keys.trim(now, limits.age());
                }
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
