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
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;

/**
 * The broker of a single process. Events are kept in memory and delivered by the thread that publishes them.
 *
 * <p>Locks: publishing to one room takes that room's {@link Topic#lock}, and {@link #rooms} shared. Publishing to several rooms
 * takes {@code rooms} exclusively, and so has one place in the order of each room although it never holds several of their
 * locks. The lock of a {@link Follower} comes after both.
 *
 * <p>The events of {@linkplain DurableRoom durable rooms} are stored beside that: delivery does not wait for it, but {@link #publish}
 * completes when it is done, and what memory has forgotten is read from the store.
 */
final class MemoryBroker implements Broker {
    /** Topics that nobody follows, kept for clients that may return. A client that opens more rooms than that gains nothing. */
    private static final int MAX_IDLE = 10_000;

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final RoomLog.Limits limits;
    /** Null if no room is durable. */
    private final History history;
    /** Stands before the name of each room in the history. */
    private final String prefix;

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final StampedLock rooms = new StampedLock();

    /**
     * @param history null if no room is durable
     * @param namespace of the rooms
     */
    MemoryBroker(RoomLog.Limits limits, History history, String namespace) {
        this.limits = limits;
        this.history = history;
        prefix = namespace + "\n";
    }

    /** How often {@link #forgetOld} is to be called. */
    Duration retentionInterval() {
        Duration eighth = limits.age().dividedBy(8);
        return eighth.toMillis() < 50 ? Duration.ofMillis(50) : eighth;
    }

    @Override
    public CompletionStage<Position> publish(String room, Frame event, Set<String> except, Source source) {
        return publish(room, event, except, source, false);
    }

    /** @param waited whether the event has waited for the room to open: then it comes before those that still wait */
    private CompletionStage<Position> publish(
            String room, Frame event, Set<String> except, Source source, boolean waited) {
        Source.KeyHash key = source.key() == null ? null : source.keyHash();
        CompletionStage<Position> published;
        Runnable writing;
        long shared = rooms.readLock();
        try {
            Topic topic = lockedTopic(room);
            try {
                topic.requireAccepts(event);
                if (!waited && !topic.isOpen()) {
                    return topic.whenOpen(() -> publish(room, event, except, source, true));
                }
                CompletionStage<Position> earlier = key == null ? null : topic.earlier(key);
                if (earlier != null) {
                    return earlier;
                }
                long now = System.nanoTime();
                Frame placed = topic.place(event, except, List.of(), now);
                published = topic.store(placed, except, List.of(), now, source, key);
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

    @Override
    public CompletionStage<Map<String, Position>> publish(
            Collection<String> names, Frame event, Set<String> except, Source source) {
        CompletionStage<Void> opening = history == null ? DONE : openDurable(names, event);
        if (opening != DONE) {
            return opening.thenCompose(nothing -> publish(names, event, except, source));
        }
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
                    CompletionStage<Position> earlier = key == null ? null : topic.earlier(key);
                    if (earlier != null) {
                        published.put(room, earlier);
                        continue;
                    }
                    long now = System.nanoTime();
                    Frame placed = topic.place(event, except, elsewhere, now);
                    published.put(room, topic.store(placed, except, elsewhere, now, source, key));
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

    /**
     * Completes when those of the rooms that are durable are open.
     *
     * @param event to be published to them
     */
    private CompletionStage<Void> openDurable(Collection<String> names, Frame event) {
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (String room : names) {
            Topic topic = lockedTopic(room);
            try {
                topic.requireAccepts(event);
                if (!topic.isOpen()) {
                    opening.add(topic.begin());
                }
            } finally {
                unlock(room, topic);
            }
        }
        return opening.isEmpty() ? DONE : CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new));
    }

    private Topic newTopic(String room) {
        return new Topic(limits, isDurable(room) ? new DurableRoom(history, prefix + room) : null);
    }

    private boolean isDurable(String room) {
        return history != null && !Rooms.isReserved(room) && history.isDurable(room);
    }

    /** The room's topic, new if there is none, with its lock. */
    private Topic lockedTopic(String room) {
        while (true) {
            Topic topic = topics.get(room);
            if (topic == null) {
                topic = topics.computeIfAbsent(room, this::newTopic);
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
            if (idle.incrementAndGet() > MAX_IDLE && !topic.isBeginning()) {
                remove(room, topic);
            }
        }
        topic.lock.unlock();
    }

    /** Called with the topic's lock. */
    private void remove(String room, Topic topic) {
        topic.removed = true;
        topic.clear();
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
        return open(room, follower, false);
    }

    private CompletionStage<Void> open(String room, Follower follower, boolean waited) {
        Topic topic = lockedTopic(room);
        try {
            if (!waited && !topic.isOpen()) {
                return topic.whenOpen(() -> open(room, follower, true));
            }
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
        HistoryRead memory = read(room, HistoryRead.UNKNOWN, log -> {
            Long number = seen.get(log.epoch());
            List<StoredEvent> missed = number == null ? null : log.since(number, limit);
            Position from = missed == null ? null : new Position(log.epoch(), number);
            return new HistoryRead(missed, from, log.position());
        });
        return memory.events() != null || !isDurable(room)
                ? CompletableFuture.completedFuture(memory)
                : history.since(prefix + room, seen, memory.position(), Math.min(limit, History.MAX_MISSED));
    }

    @Override
    public CompletionStage<HistoryPage> before(String room, Position before, int limit) {
        HistoryPage memory = read(room, new HistoryPage(List.of(), false, null), log -> {
            boolean known = before == null || before.epoch().equals(log.epoch());
            long end = before == null ? Long.MAX_VALUE : before.number();
            List<StoredEvent> last = known ? log.before(end, limit) : List.of();
            boolean more = !last.isEmpty()
                    && log.hasBefore(last.get(0).event().position().number());
            return new HistoryPage(last, more, log.position());
        });
        boolean complete = memory.events().size() == limit && memory.more();
        return complete || !isDurable(room)
                ? CompletableFuture.completedFuture(memory)
                : history.before(prefix + room, before, memory.position(), limit);
    }

    private <T> T read(String room, T unknown, Function<RoomLog, T> reader) {
        Topic topic = topics.get(room);
        if (topic == null) {
            return unknown;
        }
        topic.lock.lock();
        try {
            topic.usedAt = System.nanoTime();
            topic.log.trim(topic.usedAt);
            return reader.apply(topic.log);
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

    @Override
    public CompletionStage<Boolean> delete(String room, Position position) {
        boolean remembered =
                read(room, false, log -> log.epoch().equals(position.epoch()) && log.delete(position.number()));
        return isDurable(room)
                ? history.delete(prefix + room, position).thenApply(stored -> stored || remembered)
                : CompletableFuture.completedFuture(remembered);
    }

    @Override
    public CompletionStage<Long> deleteAll(String room) {
        long remembered = read(room, 0L, RoomLog::forgetAll);
        return isDurable(room) ? history.deleteRoom(prefix + room) : CompletableFuture.completedFuture(remembered);
    }

    @Override
    public CompletionStage<Void> forgetEvents() {
        topics.keySet().forEach(room -> read(room, 0L, RoomLog::forgetAll));
        return DONE;
    }

    /** Forgets events that are too old, and rooms that nobody has used for as long. */
    void forgetOld() {
        topics.forEach((room, topic) -> {
            topic.lock.lock();
            try {
                long now = System.nanoTime();
                topic.trim(now);
                if (topic.isIdle
                        && !topic.isBeginning()
                        && now - topic.usedAt > limits.age().toNanos()) {
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
