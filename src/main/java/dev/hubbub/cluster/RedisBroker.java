package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    private final RedisCluster cluster;
    private final String namespace;
    private final HubServices services;
    /** Null if no room is durable. */
    private final History history;

    private final Map<String, RoomFeed> feeds = new ConcurrentHashMap<>();

    private final ReachedClients reached = new ReachedClients();

    /** @param history null if no room is durable */
    RedisBroker(RedisCluster cluster, String namespace, HubServices services, History history) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.services = services;
        this.history = history;
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
        return feed != null ? feed : feeds.computeIfAbsent(room, this::newFeed);
    }

    private RoomFeed newFeed(String room) {
        return new RoomFeed(this, keysOf(room), room, isDurable(room) ? history : null);
    }

    private RoomKeys keysOf(String room) {
        return RoomKeys.of(config().prefix(), namespace, room);
    }

    boolean isDurable(String room) {
        return history != null && !RoomFeed.isReserved(room) && history.isDurable(room);
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
        Publication.Kind kind = event.delivery().droppable()
                ? Publication.Kind.DROPPABLE
                : key == null ? Publication.Kind.EVENT : Publication.Kind.KEYED;
        Publication.Original stored = Publication.Original.of(feed.stored(), event, except, source);
        Publication item =
                new Publication(kind, EventBatch.encode(event, except), key, new CompletableFuture<>(), null, stored);
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
        CompletableFuture<Void> opening = openDurable(names, event, except, source);
        if (!opening.isDone() || opening.isCompletedExceptionally()) {
            return opening.thenCompose(nothing -> publish(names, event, except, source));
        }
        byte[] body = EventBatch.encode(event, except);
        queue().add(body.length);
        MultiPublishing call = new MultiPublishing(this, names, body, new Publication.Original(event, except, source));
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

    /** Completes when those of the rooms that are durable can be published to. */
    private CompletableFuture<Void> openDurable(List<String> names, Frame event, Set<String> except, Source source) {
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (String name : names) {
            RoomFeed feed = feedOf(name);
            if (Publication.Original.of(feed.stored(), event, except, source) != null
                    && !feed.stored().isOpen()) {
                opening.add(feed.stored().begin().toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Map<String, Position>> publishEach(
            List<String> names, Frame event, Set<String> except, Source source) {
        Map<String, CompletableFuture<Position>> stages = new LinkedHashMap<>();
        names.forEach(
                name -> stages.put(name, publish(name, event, except, source).toCompletableFuture()));
        return MultiPublishing.positions(stages);
    }

    ReachedClients reached() {
        return reached;
    }

    @Override
    public CompletionStage<Void> open(String room, Follower follower) {
        StoredRoom stored = feedOf(room).stored();
        return stored == null || stored.isOpen()
                ? follow(room, follower)
                : stored.begin().thenCompose(nothing -> follow(room, follower));
    }

    private CompletionStage<Void> follow(String room, Follower follower) {
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
        RoomKeys keys = keysOf(room);
        HistoryReading reading = new HistoryReading(this, keys, seen, limit);
        Position here = position(room);
        reading.start(here == null ? "" : here.epoch());
        CompletionStage<HistoryRead> result = reading.result();
        if (isDurable(room)) {
            result = result.thenCompose(read -> read.events() != null
                    ? CompletableFuture.completedFuture(read)
                    : new StoredReading(this, keys, history).since(seen, limit));
        }
        return result.thenCompose(read -> delivered(room, read, read.position()));
    }

    @Override
    public CompletionStage<HistoryPage> before(String room, Position before, int limit) {
        RoomKeys keys = keysOf(room);
        CompletionStage<HistoryPage> result = isDurable(room)
                ? new StoredReading(this, keys, history).before(before, limit)
                : new HistoryPaging(this, keys, before, limit).start().thenApply(HistoryPaging.Log::page);
        return result.thenCompose(page -> delivered(room, page, page.position()));
    }

    /**
     * Completes when what was read has been delivered to the members here as well: then a client that joins gets everything once. In
     * an epoch without an event that is what the history has of those before.
     */
    private <T> CompletionStage<T> delivered(String room, T read, Position now) {
        RoomFeed feed = feeds.get(room);
        return feed == null || now == null || (now.number() == 0 && !isDurable(room))
                ? CompletableFuture.completedFuture(read)
                : feed.reached(now).thenApply(reached -> read);
    }

    @Override
    public CompletionStage<Boolean> delete(String room, Position position) {
        return new Deleting(this, keysOf(room), isDurable(room) ? history : null).event(position);
    }

    @Override
    public CompletionStage<Long> deleteAll(String room) {
        return new Deleting(this, keysOf(room), isDurable(room) ? history : null).all();
    }

    @Override
    public CompletionStage<Void> forgetEvents() {
        return Deleting.forgetAll(this, keysOf(""));
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
        return new Reserving(this, keysOf(room), client, max).start();
    }

    @Override
    public void cancelReservation(String room, String client) {
        cancel(keysOf(room), client);
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

    /** Events have been delivered here: they are acknowledged, those of durable rooms when they are stored. */
    void acknowledge(RoomEffects.Arrived batch) {
        execute(() -> {
            Position last = batch.last();
            long number = last.number() - batch.items().size();
            for (int i = 0; i < batch.items().size(); i++) {
                number++;
                Position position = new Position(last.epoch(), number);
                CompletableFuture<Position> stage = batch.items().get(i).stage();
                if (batch.stored() == null) {
                    stage.complete(position);
                } else {
                    batch.stored().get(i).whenComplete((nothing, failure) -> {
                        if (failure == null) {
                            stage.complete(position);
                        } else {
                            stage.completeExceptionally(unavailable(failure));
                        }
                    });
                }
            }
        });
    }

    /** What was waiting is not sent. */
    void discard(List<Publication> items, RuntimeException reason) {
        queue().remove(items);
        fail(items, reason);
    }

    /** What is told of a failure. */
    static RuntimeException unavailable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EventException event ? event : CommandLink.unavailable();
    }

    void fail(List<Publication> items, RuntimeException reason) {
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        items.stream().filter(item -> item.stage() != null).forEach(item -> stages.add(item.stage()));
        if (!stages.isEmpty()) {
            cluster.problems().refused(stages.size(), reason);
            RuntimeException told = unavailable(reason);
            complete(stages, stage -> stage.completeExceptionally(told));
        }
    }
}
