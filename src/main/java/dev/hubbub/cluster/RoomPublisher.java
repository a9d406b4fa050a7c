package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.protocol.Positions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * What this node sends to one room. At most two calls are in flight; what waits meanwhile becomes one call. The sequence number
 * of a call is given, and the call is handed to the link, under one lock, so that Redis gets a room's calls in this order.
 */
final class RoomPublisher {
    private static final int MAX_IN_FLIGHT = 2;
    private static final int MAX_EVENTS = 512;
    private static final int MAX_BYTES = 256 * 1_024;

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final RoomFeed feed;

    final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private int inFlight;
    private long renewedAt;
    private long eventBytes = 256;

    // Of the link's thread: the sequence numbers last sent, and last known to have arrived.
    private long lastSent;
    private long lastArrived;

    enum Kind {
        EVENT,
        /** Events with an idempotency key. */
        KEYED,
        DROPPABLE,
        PRESENCE
    }

    /**
     * @param bytes an event of {@link EventBatch#encode}; null for presence
     * @param key the name of the idempotency key in Redis; null for none
     */
    record Item(Kind kind, byte[] bytes, String key, CompletableFuture<Position> stage, PresenceChanges changes) {
        int size() {
            return bytes == null ? changes.size() : bytes.length;
        }
    }

    RoomPublisher(RedisBroker broker, RoomKeys keys, RoomFeed feed) {
        this.broker = broker;
        this.keys = keys;
        this.feed = feed;
    }

    void add(Item item) {
        lock.lock();
        try {
            waiting.add(item);
            fill();
        } finally {
            lock.unlock();
        }
    }

    boolean isIdle() {
        lock.lock();
        try {
            return waiting.isEmpty() && inFlight == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock. */
    private void fill() {
        while (inFlight < MAX_IN_FLIGHT && !waiting.isEmpty()) {
            submitNext();
        }
    }

    /** Called with the lock: hands over all that waits, however much is in flight. */
    void submitAll() {
        while (!waiting.isEmpty()) {
            submitNext();
        }
    }

    private void submitNext() {
        Kind kind = waiting.peek().kind;
        List<Item> items = new ArrayList<>();
        int bytes = 0;
        do {
            Item item = waiting.remove();
            bytes += item.size();
            items.add(item);
        } while (!waiting.isEmpty()
                && waiting.peek().kind == kind
                && kind != Kind.PRESENCE
                && items.size() < MAX_EVENTS
                && bytes + waiting.peek().size() <= MAX_BYTES);
        inFlight++;
        Sending call = switch (kind) {
            case EVENT -> new Publishing(items, bytes, broker.nextSequence(), renews());
            case KEYED -> new KeyedPublishing(items, bytes, broker.nextSequence());
            case DROPPABLE -> new Dropping(items, bytes);
            case PRESENCE -> new Announcing(items, bytes);
        };
        if (kind == Kind.EVENT || kind == Kind.KEYED) {
            eventBytes = (7 * eventBytes + bytes / items.size()) / 8;
        }
        broker.link().submit(call);
    }

    /** Called with the lock. Whether the lives of meta and log begin anew with this call. */
    private boolean renews() {
        long now = System.nanoTime();
        if (renewedAt != 0 && now - renewedAt < broker.config().logAge().toNanos() / 4) {
            return false;
        }
        renewedAt = now;
        return true;
    }

    /** Called with the lock, for an event to several rooms: the arguments of this room. */
    MultiPart part(String key) {
        inFlight++;
        return new MultiPart(
                this, broker.nextSequence(), renews(), broker.config().keep(eventBytes), key);
    }

    /** The part of one room in a call for several. */
    record MultiPart(RoomPublisher publisher, long sequence, boolean renews, long keep, String key) {
        void addTo(CommandArguments arguments) {
            arguments
                    .add(publisher.keys.log())
                    .add(publisher.keys.channel())
                    .add(Positions.newEpoch())
                    .add(keep)
                    .add(sequence)
                    .add(publisher.lastSent)
                    .add(renews ? "1" : "0")
                    .add(key == null ? "" : key);
            publisher.lastSent = sequence;
        }

        void repeating() {
            publisher.lastSent = publisher.lastArrived;
        }

        void arrived() {
            publisher.lastArrived = sequence;
        }

        void ended() {
            publisher.ended();
        }

        RoomFeed feed() {
            return publisher.feed;
        }

        RoomKeys keys() {
            return publisher.keys;
        }
    }

    private void ended() {
        lock.lock();
        try {
            inFlight--;
            fill();
        } finally {
            lock.unlock();
        }
    }

    /** Redis has been away for too long: what waits is not sent any more. */
    void expire() {
        List<Item> expired;
        lock.lock();
        try {
            expired = new ArrayList<>(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        broker.discard(expired, CommandLink.unavailable());
        if (expired.stream().anyMatch(item -> item.kind == Kind.PRESENCE)) {
            feed.presence().lose();
        }
    }

    /** A call with items of this room. */
    private abstract class Sending extends Call {
        final List<Item> items;
        final int bytes;

        Sending(List<Item> items, int bytes) {
            this.items = items;
            this.bytes = bytes;
        }

        @Override
        int size() {
            return 256 + bytes;
        }

        @Override
        void sending() {
            broker.queue().remove(items);
        }

        @Override
        void failed(RuntimeException failure) {
            if (!written) {
                broker.queue().remove(items);
            }
            broker.fail(items, failure);
            ended();
        }

        byte[] body() {
            ByteBuffer body = ByteBuffer.allocate(bytes);
            items.forEach(item -> body.put(item.bytes));
            return body.array();
        }
    }

    /** A call with a sequence number. */
    private abstract class Numbered extends Sending {
        final long number;

        Numbered(List<Item> items, int bytes, long number) {
            super(items, bytes);
            this.number = number;
        }

        /** Adds what the scripts have in common. */
        CommandArguments addPlace(CommandArguments arguments, String term) {
            arguments
                    .add(keys.log())
                    .add(keys.channel())
                    .add(term)
                    .add(Positions.newEpoch())
                    .add(broker.config().keep(eventBytes))
                    .add(broker.node())
                    .add(number)
                    .add(lastSent);
            lastSent = number;
            return arguments;
        }

        @Override
        void repeating() {
            lastSent = lastArrived;
        }
    }

    private final class Publishing extends Numbered {
        private final boolean renews;

        Publishing(List<Item> items, int bytes, long number, boolean renews) {
            super(items, bytes, number);
            this.renews = renews;
        }

        @Override
        CommandArguments arguments(String term) {
            return addPlace(script(Script.PUBLISH, 1).add(keys.meta()), term)
                    .add(items.size())
                    .add(RoomKeys.META_MS)
                    .add(broker.config().logMillis())
                    .add(renews ? "1" : "0")
                    .add(body());
        }

        @Override
        boolean isOutOfOrder(Object reply) {
            return "ORDER".equals(RedisConnection.text(((List<?>) reply).get(3)));
        }

        @Override
        void replied(Object reply) {
            lastArrived = number;
            List<?> parts = (List<?>) reply;
            feed.arrived(new Position(RedisConnection.text(parts.get(0)), (Long) parts.get(1)), items, false);
            ended();
        }
    }

    private final class KeyedPublishing extends Numbered {
        KeyedPublishing(List<Item> items, int bytes, long number) {
            super(items, bytes, number);
        }

        @Override
        CommandArguments arguments(String term) {
            CommandArguments arguments =
                    script(Script.PUBLISH_KEYED, 1 + items.size()).add(keys.meta());
            items.forEach(item -> arguments.add(item.key));
            addPlace(arguments, term)
                    .add(broker.config().logAge().toMillis())
                    .add(RoomKeys.META_MS)
                    .add(broker.config().logMillis());
            items.forEach(item -> arguments.add(item.bytes));
            return arguments;
        }

        @Override
        boolean isOutOfOrder(Object reply) {
            return "ORDER".equals(RedisConnection.text(((List<?>) reply).get(0)));
        }

        @Override
        void replied(Object reply) {
            lastArrived = number;
            List<?> parts = (List<?>) reply;
            for (int i = 0; i < items.size(); i++) {
                String position = RedisConnection.text(parts.get(1 + i));
                boolean known = position.startsWith("=");
                Position place =
                        Position.parse(known ? position.substring(1) : position).orElseThrow();
                feed.arrived(place, List.of(items.get(i)), known);
            }
            ended();
        }
    }

    private final class Dropping extends Sending {
        Dropping(List<Item> items, int bytes) {
            super(items, bytes);
        }

        @Override
        CommandArguments arguments(String term) {
            byte[] head = ("" + EventBatch.FORMAT + EventBatch.DROPPABLE + items.size() + "\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] message = ByteBuffer.allocate(head.length + bytes)
                    .put(head)
                    .put(body())
                    .array();
            return new CommandArguments(Command.PUBLISH).add(keys.channel()).add(message);
        }

        @Override
        boolean mayRepeat() {
            return false;
        }

        @Override
        void replied(Object reply) {
            Position position = feed.position();
            broker.complete(items.stream().map(Item::stage).toList(), stage -> stage.complete(position));
            ended();
        }
    }

    private final class Announcing extends Sending {
        Announcing(List<Item> items, int bytes) {
            super(items, bytes);
        }

        @Override
        CommandArguments arguments(String term) {
            CommandArguments arguments = script(Script.PRESENCE, 5)
                    .add(keys.meta())
                    .add(keys.members())
                    .add(keys.counts())
                    .add(keys.places())
                    .add(broker.roomsOfNode())
                    .add(broker.node())
                    .add(keys.room())
                    .add(keys.channel())
                    .add(broker.config().presenceLimit())
                    .add(RoomKeys.META_MS);
            items.get(0).changes.addTo(arguments);
            return arguments;
        }

        @Override
        void replied(Object reply) {
            ended();
            feed.presence().announced((Long) reply == 1);
        }

        @Override
        void failed(RuntimeException failure) {
            super.failed(failure);
            feed.presence().lose();
        }
    }
}
