package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** The broker of one namespace on a node of a cluster: Redis gives the order, keeps the events and carries them to all nodes. */
final class RedisBroker implements Broker {
    /** How long a room without members here is still followed. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    /** Events to several rooms of which is remembered who has got them. */
    private static final int MAX_REACHED = 256;

    private static final String NO_DELETION = "The nodes of a cluster cannot delete events yet";

    private final RedisCluster cluster;
    private final String namespace;
    private final HubServices services;
    private final Map<String, RoomFeed> feeds = new ConcurrentHashMap<>();

    /** Guarded by itself. */
    private final Map<Position, Set<String>> reached = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, Set<String>> eldest) {
            return size() > MAX_REACHED;
        }
    };

    RedisBroker(RedisCluster cluster, String namespace, HubServices services) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.services = services;
    }

    CommandLink link() {
        return cluster.link();
    }

    Subscription subscription() {
        return cluster.subscription();
    }

    ClusterConfig config() {
        return cluster.config();
    }

    EventQueue queue() {
        return cluster.queue();
    }

    String node() {
        return cluster.node();
    }

    String roomsOfNode() {
        return cluster.roomsOf(cluster.node());
    }

    long nextSequence() {
        return cluster.nextSequence();
    }

    LongAdder gaps() {
        return cluster.counters().gaps();
    }

    LongAdder lost() {
        return cluster.counters().lost();
    }

    void malformed(String room, RuntimeException cause) {
        cluster.problems().malformed(room, cause);
    }

    void schedule(String what, Duration delay, Runnable task) {
        services.scheduler().schedule(what, delay, task);
    }

    private RoomFeed feedOf(String room) {
        RoomFeed feed = feeds.get(room);
        return feed != null
                ? feed
                : feeds.computeIfAbsent(
                        room, name -> new RoomFeed(this, RoomKeys.of(config().prefix(), namespace, name), name));
    }

    Optional<RoomFeed> feed(RoomKeys keys) {
        return Optional.ofNullable(feeds.get(keys.room().substring(namespace.length() + 1)));
    }

    void remove(String room, RoomFeed feed) {
        feeds.remove(room, feed);
    }

    Collection<RoomFeed> feeds() {
        return feeds.values();
    }

    /** Closes rooms that have had no members here for a while. */
    void closeUnused() {
        feeds.forEach((room, feed) -> {
            if (feed.closeIfUnused(LINGER.toNanos())) {
                feeds.remove(room, feed);
            }
        });
    }

    @Override
    public CompletionStage<Position> publish(String room, Frame event, Set<String> except, Source source) {
        RoomFeed feed = feedOf(room);
        String key = feed.keys().key(source);
        RoomPublisher.Kind kind = event.delivery().droppable()
                ? RoomPublisher.Kind.DROPPABLE
                : key == null ? RoomPublisher.Kind.EVENT : RoomPublisher.Kind.KEYED;
        RoomPublisher.Item item =
                new RoomPublisher.Item(kind, EventBatch.encode(event, except), key, new CompletableFuture<>(), null);
        queue().add(item.size());
        feed.presence().flush();
        feed.publisher().add(item);
        return item.stage();
    }

    @Override
    public CompletionStage<Map<String, Position>> publish(
            Collection<String> rooms, Frame event, Set<String> except, Source source) {
        List<String> names = new ArrayList<>(new TreeSet<>(rooms));
        if (event.delivery().droppable()) {
            return publishEach(names, event, except, source);
        }
        byte[] body = EventBatch.encode(event, except);
        queue().add(body.length);
        MultiPublishing call = new MultiPublishing(this, names, body);
        names.forEach(name -> feedOf(name).presence().flush());
        List<RoomFeed> locked = new ArrayList<>();
        try {
            for (String name : names) { // sorted, so that two such calls do not wait for each other
                RoomFeed feed = feedOf(name);
                feed.publisher().lock.lock();
                locked.add(feed);
            }
            for (RoomFeed feed : locked) {
                feed.publisher().submitAll();
                call.add(feed.publisher().part(feed.keys().key(source)));
            }
            link().submit(call);
        } finally {
            locked.forEach(feed -> feed.publisher().lock.unlock());
        }
        return call.positions();
    }

    private CompletionStage<Map<String, Position>> publishEach(
            List<String> names, Frame event, Set<String> except, Source source) {
        Map<String, CompletableFuture<Position>> stages = new LinkedHashMap<>();
        names.forEach(
                name -> stages.put(name, publish(name, event, except, source).toCompletableFuture()));
        return CompletableFuture.allOf(stages.values().toArray(new CompletableFuture<?>[0]))
                .thenApply(nothing -> {
                    Map<String, Position> positions = new LinkedHashMap<>();
                    stages.forEach((name, stage) -> positions.put(name, stage.join()));
                    return positions;
                });
    }

    /** The ids of clients on this node that have got an event to several rooms, which has this position in the first of them. */
    Set<String> reached(Position first) {
        synchronized (reached) {
            return reached.computeIfAbsent(first, key -> new HashSet<>());
        }
    }

    @Override
    public CompletionStage<Void> open(String room, Follower follower) {
        while (true) {
            RoomFeed feed = feedOf(room);
            CompletionStage<Void> opened;
            try {
                opened = feed.open(follower);
            } catch (EventException unavailable) {
                return CompletableFuture.failedFuture(unavailable);
            }
            if (opened != null) {
                return opened;
            }
            feeds.remove(room, feed);
        }
    }

    @Override
    public void close(String room, Follower follower) {
        RoomFeed feed = feeds.get(room);
        if (feed != null) {
            feed.unfollow(follower);
        }
    }

    @Override
    public CompletionStage<HistoryRead> since(String room, Map<String, Long> seen, int limit) {
        HistoryReading reading = new HistoryReading(this, RoomKeys.of(config().prefix(), namespace, room), seen, limit);
        Position here = position(room);
        reading.start(here == null ? "" : here.epoch());
        return reading.result();
    }

    @Override
    public CompletionStage<HistoryPage> before(String room, Position before, int limit) {
        HistoryPaging paging = new HistoryPaging(this, RoomKeys.of(config().prefix(), namespace, room), before, limit);
        paging.start();
        return paging.result();
    }

    @Override
    public CompletionStage<Boolean> delete(String room, Position position) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(NO_DELETION));
    }

    @Override
    public CompletionStage<Long> deleteAll(String room) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(NO_DELETION));
    }

    @Override
    public void forgetEvents() {
        throw new UnsupportedOperationException(NO_DELETION);
    }

    @Override
    public Position position(String room) {
        RoomFeed feed = feeds.get(room);
        return feed == null ? null : feed.position();
    }

    @Override
    public void announce(String room, Supplier<MemberChange> change) {
        feedOf(room).presence().change(change.get());
    }

    @Override
    public CompletionStage<Void> reserve(String room, String client, int max) {
        RoomFeed feed = feeds.get(room);
        if (feed != null) {
            feed.presence().flush(); // those that have left make room
        }
        return new Reserving(this, RoomKeys.of(config().prefix(), namespace, room), client, max).start();
    }

    @Override
    public void cancelReservation(String room, String client) {
        cancel(RoomKeys.of(config().prefix(), namespace, room), client);
    }

    void cancel(RoomKeys keys, String client) {
        link().submit(Call.of(
                () -> new CommandArguments(Command.ZREM).add(keys.places()).add(client), reply -> {}));
    }

    /** The room has lost its last member here; the task runs if it has none on another node either. */
    void whenEmptied(String room, Runnable task) {
        feedOf(room).presence().whenEmptied(task);
    }

    void write(List<Runnable> writes) {
        services.writers().execute("deliver", () -> writes.forEach(Runnable::run));
    }

    /** Completes stages on a thread that may run application code. */
    <T> void complete(List<CompletableFuture<T>> stages, Consumer<CompletableFuture<T>> completion) {
        execute(() -> stages.forEach(completion));
    }

    private void execute(Runnable task) {
        try {
            services.application().execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    /** Events have been delivered here. */
    void acknowledge(Position last, List<RoomPublisher.Item> items) {
        execute(() -> {
            long number = last.number() - items.size();
            for (RoomPublisher.Item item : items) {
                number++;
                item.stage().complete(new Position(last.epoch(), number));
            }
        });
    }

    /** What was waiting is not sent. */
    void discard(List<RoomPublisher.Item> items, RuntimeException reason) {
        queue().remove(items);
        fail(items, reason);
    }

    void fail(List<RoomPublisher.Item> items, RuntimeException reason) {
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        items.stream().filter(item -> item.stage() != null).forEach(item -> stages.add(item.stage()));
        if (!stages.isEmpty()) {
            cluster.problems().refused(stages.size(), reason);
            RuntimeException told = reason instanceof EventException ? reason : CommandLink.unavailable();
            complete(stages, stage -> stage.completeExceptionally(told));
        }
    }
}
