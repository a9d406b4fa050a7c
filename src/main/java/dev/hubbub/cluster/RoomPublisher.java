package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.History;
import dev.hubbub.protocol.Positions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import redis.clients.jedis.CommandArguments;

/**
 * What this node sends to one room. At most two calls are in flight; what waits meanwhile becomes one call. The sequence number
 * of a call is given, and the call is handed to the link, under one lock, so that Redis gets a room's calls in this order.
 */
final class RoomPublisher {
    private static final int MAX_IN_FLIGHT = 2;
    private static final int MAX_EVENTS = 512;
    private static final int MAX_BYTES = 256 * 1_024;

    final RedisBroker broker;
    final RoomKeys keys;
    final RoomFeed feed;
    /** Null if the room is not durable. */
    private final StoredRoom stored;

    final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final ArrayDeque<Publication> waiting = new ArrayDeque<>();
    private int inFlight;
    private long renewedAt;
    private long eventBytes = 256;

    // Of the link's thread: the sequence numbers last sent, and last known to have arrived, in a term.
    private String term = "";
    private long lastSent;
    private long lastArrived;

    /** @param history null if the room is not durable */
    RoomPublisher(RedisBroker broker, RoomKeys keys, RoomFeed feed, History history) {
        this.broker = broker;
        this.keys = keys;
        this.feed = feed;
        stored = history == null ? null : new StoredRoom(broker, keys, history, this);
    }

    void add(Publication item) {
        lock.lock();
        try {
            waiting.add(item);
            fill();
        } finally {
            lock.unlock();
        }
    }

    /** Null if the room is not durable. */
    StoredRoom stored() {
        return stored;
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
            if (waiting.peek().isKept() && stored != null && !stored.isOpen()) {
                stored.begin(); // and go on when the epoch is stored
                return;
            }
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
        Publication.Kind kind = waiting.peek().kind();
        List<Publication> items = new ArrayList<>();
        int bytes = 0;
        do {
            Publication item = waiting.remove();
            bytes += item.size();
            items.add(item);
        } while (!waiting.isEmpty()
                && waiting.peek().kind() == kind
                && kind != Publication.Kind.PRESENCE
                && items.size() < MAX_EVENTS
                && bytes + waiting.peek().size() <= MAX_BYTES);
        inFlight++;
        RoomSending call = switch (kind) {
            case EVENT -> new Publishing(items, bytes, broker.nextSequence(), renews());
            case KEYED -> new KeyedPublishing(items, bytes, broker.nextSequence());
            case DROPPABLE -> new RoomSending.Dropping(this, items, bytes);
            case PRESENCE -> new RoomSending.Announcing(this, items, bytes);
        };
        if (items.get(0).isKept()) {
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

    /**
     * A call is being sent.
     *
     * @return the number of the one before it, which must have arrived; 0 if it is the first one in this term, as that Redis may
     *     have forgotten the others
     */
    long sending(long number, String presentTerm) {
        if (!presentTerm.equals(term)) {
            term = presentTerm;
            lastSent = 0;
            lastArrived = 0;
        }
        long former = lastSent;
        lastSent = number;
        return former;
    }

    /** What was sent and not answered is sent again. */
    void repeating() {
        lastSent = lastArrived;
    }

    void arrived(long number) {
        lastArrived = number;
    }

    private long keyMillis() {
        return stored == null ? broker.config().logAge().toMillis() : RoomKeys.DURABLE_KEY_MS;
    }

    /** Called with the lock, for an event to several rooms: the arguments of this room. */
    RoomPart part(String key) {
        inFlight++;
        return new RoomPart(
                this, broker.nextSequence(), renews(), broker.config().keep(eventBytes), key);
    }

    /** A call has been answered, or has failed. */
    void ended() {
        lock.lock();
        try {
            inFlight--;
            fill();
        } finally {
            lock.unlock();
        }
    }

    /** The epoch of the room is stored. */
    void resume() {
        lock.lock();
        try {
            fill();
        } finally {
            lock.unlock();
        }
    }

    /** What waits is not sent any more. */
    void refuse(RuntimeException reason) {
        List<Publication> expired;
        lock.lock();
        try {
            expired = new ArrayList<>(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        broker.discard(expired, reason);
        if (expired.stream().anyMatch(item -> item.kind() == Publication.Kind.PRESENCE)) {
            feed.presence().lose();
        }
    }

    /** A call with a sequence number. */
    private abstract class Numbered extends RoomSending {
        final long number;

        Numbered(List<Publication> items, int bytes, long number) {
            super(RoomPublisher.this, items, bytes);
            this.number = number;
        }

        /** Adds what the scripts have in common. */
        CommandArguments addPlace(CommandArguments arguments, String term) {
            return arguments
                    .add(keys.log())
                    .add(keys.channel())
                    .add(term)
                    .add(Positions.newEpoch())
                    .add(broker.config().keep(eventBytes))
                    .add(broker.node())
                    .add(number)
                    .add(RoomPublisher.this.sending(number, term));
        }

        @Override
        void repeating() {
            RoomPublisher.this.repeating();
        }
    }

    private final class Publishing extends Numbered {
        private final boolean renews;

        Publishing(List<Publication> items, int bytes, long number, boolean renews) {
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
            RoomPublisher.this.arrived(number);
            List<?> parts = (List<?>) reply;
            Position last = new Position(RedisConnection.text(parts.get(0)), (Long) parts.get(1));
            List<CompletionStage<Void>> stages = stored == null
                    ? null
                    : stored.append(last, RedisConnection.text(parts.get(4)), (Long) parts.get(2), List.of(), items);
            feed.arrived(new RoomEffects.Arrived(last, items, stages), false);
            ended();
        }
    }

    private final class KeyedPublishing extends Numbered {
        KeyedPublishing(List<Publication> items, int bytes, long number) {
            super(items, bytes, number);
        }

        @Override
        CommandArguments arguments(String term) {
            CommandArguments arguments = script(Script.PUBLISH_KEYED, 2 + items.size())
                    .add(keys.meta())
                    .add(keys.hidden());
            items.forEach(item -> arguments.add(item.key()));
            addPlace(arguments, term)
                    .add(keyMillis())
                    .add(RoomKeys.META_MS)
                    .add(broker.config().logMillis())
                    .add(stored == null ? "0" : "1");
            items.forEach(item -> arguments.add(item.bytes()));
            return arguments;
        }

        @Override
        boolean isOutOfOrder(Object reply) {
            return "ORDER".equals(RedisConnection.text(((List<?>) reply).get(0)));
        }

        @Override
        void replied(Object reply) {
            List<?> parts = (List<?>) reply;
            if ("KEYS".equals(RedisConnection.text(parts.get(0)))) {
                stored.reopen();
                failed(StoredRoom.notReady());
                return; // Redis has not counted this call: those sent after it are repeated
            }
            RoomPublisher.this.arrived(number);
            for (int i = 0; i < items.size(); i++) {
                arrived(items.get(i), RedisConnection.text(parts.get(3 + i)), parts);
            }
            ended();
        }

        private void arrived(Publication item, String place, List<?> parts) {
            char mark = place.charAt(0);
            boolean known = mark == '=' || mark == '!';
            Position position =
                    Position.parse(known ? place.substring(1) : place).orElseThrow();
            long at = (Long) parts.get(1);
            List<CompletionStage<Void>> stages = null;
            if (stored != null && mark == '=') {
                stages = List.of(stored.appendKnown(position, at, item));
            } else if (stored != null && mark != '!') {
                stages = stored.append(position, RedisConnection.text(parts.get(2)), at, List.of(), List.of(item));
            }
            feed.arrived(new RoomEffects.Arrived(position, List.of(item), stages), known);
        }
    }
}
