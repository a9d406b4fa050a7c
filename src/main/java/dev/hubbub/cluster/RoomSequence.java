package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The events of one room in the order of their numbers. If some are missing, those that follow are held until the missing ones
 * have been read. Guarded by the feed's lock, unless a method says otherwise.
 */
final class RoomSequence {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Messages and bytes that are held while missing events are read; beyond that they are read as well. */
    private static final int MAX_HELD = 4_096;

    private static final long MAX_HELD_BYTES = 16L << 20;

    /** Epochs that are remembered: more than Redis can have begun since its last dump. */
    private static final int MAX_FORMER = 64;

    private final RedisBroker broker;
    private final RoomFeed feed;

    private volatile Position position;
    /** The epochs that this node has left. An old dump of Redis is in one of them. */
    private final ArrayDeque<String> formerEpochs = new ArrayDeque<>();

    /** Messages are held until what is missing has been read. */
    private boolean holding;
    /** A call that reads what is missing is on its way. */
    private boolean reading;
    /** What is being read was asked for before messages came again. */
    private boolean outdated;

    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private long heldBytes;
    /** Events that Redis has taken and that have not been delivered here yet. */
    private final List<RoomEffects.Arrived> acknowledgements = new ArrayList<>();

    RoomSequence(RedisBroker broker, RoomFeed feed) {
        this.broker = broker;
        this.feed = feed;
    }

    /** Where the room is; null if this node does not follow it. May be called without the lock. */
    Position position() {
        return position;
    }

    /** The room is followed from this position on. */
    void begin(Position now) {
        position = now;
        holding = false;
    }

    /** Where the room is will be known later: messages are held until {@link #begin}. */
    void beginUnknown(Position meanwhile) {
        position = meanwhile;
        holding = true;
    }

    /** The room is not followed any more. What waits for its events is acknowledged. */
    void end(RoomEffects effects) {
        position = null;
        held.clear();
        heldBytes = 0;
        acknowledgements.forEach(effects::acknowledge);
        acknowledgements.clear();
    }

    /** @param hold whether the message waits, as the room is not open yet */
    void received(byte[] message, boolean hold, RoomEffects effects) {
        if (hold || holding) {
            hold(message);
        } else {
            apply(message, effects);
        }
    }

    private void hold(byte[] message) {
        heldBytes += message.length;
        if (held.size() < MAX_HELD && heldBytes < MAX_HELD_BYTES) {
            held.add(message);
        } // otherwise it is missing later, and is read
    }

    private void apply(byte[] message, RoomEffects effects) {
        EventBatch batch = EventBatch.parse(message);
        if (batch.position() == null) {
            deliver(batch.events(0), batch, effects);
            return;
        }
        boolean sameEpoch = batch.position().epoch().equals(position.epoch());
        if (sameEpoch && batch.position().number() <= position.number()) {
            return;
        }
        boolean follows = sameEpoch
                ? batch.before() <= position.number()
                : batch.before() == 0 && feed.stored() == null && !hasLeft(batch.position());
        if (follows) {
            deliver(batch, effects);
        } else if (sameEpoch || !hasLeft(batch.position())) {
            broker.gaps().increment();
            holding = true;
            hold(message);
            readMissing();
        }
    }

    private void deliver(EventBatch batch, RoomEffects effects) {
        boolean sameEpoch = batch.position().epoch().equals(position.epoch());
        List<EventBatch.Event> events = batch.events(sameEpoch ? position.number() : 0);
        reach(batch.position(), effects);
        deliver(events, batch, effects);
    }

    private void deliver(List<EventBatch.Event> events, EventBatch batch, RoomEffects effects) {
        Broker.Follower follower = feed.follower();
        if (follower == null) {
            return;
        }
        Set<String> reached = null;
        if (batch.kind() == EventBatch.MULTI) {
            reached = broker.reached()
                    .of(
                            batch.elsewhere().isEmpty()
                                    ? batch.position()
                                    : batch.elsewhere().get(0));
        }
        for (EventBatch.Event event : events) {
            effects.write(follower.deliver(event.frame(), event.except(), reached));
        }
    }

    /** The room is at this position from now on. */
    private void reach(Position now, RoomEffects effects) {
        if (!now.epoch().equals(position.epoch())) {
            if (formerEpochs.size() == MAX_FORMER) {
                formerEpochs.remove();
            }
            formerEpochs.add(position.epoch());
            if (feed.stored() != null) {
                feed.stored().reached(now.epoch(), position.epoch());
            }
        }
        position = now;
        acknowledge(this::hasPassed, effects);
    }

    /** Acknowledges what waits for such a position. */
    private void acknowledge(Predicate<Position> which, RoomEffects effects) {
        acknowledgements.removeIf(batch -> {
            boolean matches = which.test(batch.last());
            if (matches) {
                effects.acknowledge(batch);
            }
            return matches;
        });
    }

    private boolean hasPassed(Position place) {
        return place.epoch().equals(position.epoch()) ? place.number() <= position.number() : hasLeft(place);
    }

    private boolean hasLeft(Position place) {
        return formerEpochs.contains(place.epoch());
    }

    private void readMissing() {
        reading = true;
        Position from = position;
        broker.link().submit(new RoomCalls.Since(feed.keys(), from.epoch(), from.number()) {
            @Override
            void read(RoomCalls.Read read) {
                missing(read);
            }

            @Override
            void failed(RuntimeException failure) {
                feed.lock.lock();
                try {
                    reading = false; // holding goes on until resume()
                } finally {
                    feed.lock.unlock();
                }
            }
        });
    }

    /** Called without the lock. */
    private void missing(RoomCalls.Read read) {
        try (RoomEffects effects = feed.effects()) {
            reading = false;
            if (!feed.isOpen()) {
                return;
            }
            if (read == null || hasLeft(read.position())) {
                // Redis has forgotten the room, or what it has is old: the next event begins an epoch.
                finishEpoch(null, "", (whole, then) -> repaired(then), effects);
                return;
            }
            int applied = 0;
            for (byte[] message : read.messages()) {
                EventBatch batch = EventBatch.parse(message);
                if (batch.before() > position.number()) {
                    lose(new Position(position.epoch(), batch.before()), effects);
                }
                deliver(batch, effects);
                applied++;
            }
            boolean present = read.position().epoch().equals(position.epoch());
            if (present && position.number() >= read.position().number()) {
                repaired(effects);
                return;
            }
            if (applied == 0 && present) {
                lose(read.position(), effects);
                repaired(effects);
                return;
            }
            if (applied > 0) {
                readMissing();
                return;
            }
            finishEpoch(
                    read.position().epoch(),
                    read.formerEpoch(),
                    (whole, then) -> {
                        Position beginning = new Position(read.position().epoch(), 0);
                        String former = read.formerEpoch();
                        if (whole && (former.isEmpty() || former.equals(position.epoch()))) {
                            reach(beginning, then); // without a former epoch, Redis had been restarted empty
                        } else {
                            lose(beginning, then); // there was an epoch between
                        }
                        readMissing();
                    },
                    effects);
        } catch (IllegalArgumentException malformed) {
            broker.malformed(feed.keys().room(), malformed);
        }
    }

    /**
     * Goes on when everything of the present epoch has been delivered that the log of Redis does not have any more and the history
     * has: the end of the epoch, if Redis has lost its data.
     *
     * @param next the next epoch; null if it is not known
     * @param former the epoch before the next one; empty if it is not known
     * @param then is told whether that could be read
     */
    private void finishEpoch(String next, String former, BiConsumer<Boolean, RoomEffects> then, RoomEffects effects) {
        if (feed.stored() == null) {
            then.accept(true, effects);
            return;
        }
        reading = true;
        Position from = position;
        feed.stored().restOf(from, next, former).thenAccept(rest -> {
            try (RoomEffects later = feed.effects()) {
                reading = false;
                if (!feed.isOpen()) {
                    return;
                }
                if (!from.equals(position)) {
                    resume(); // from where the room is now
                    return;
                }
                if (rest != null) {
                    rest.forEach(event -> deliver(event, later));
                }
                then.accept(rest != null, later);
            }
        });
    }

    private void deliver(Broker.StoredEvent event, RoomEffects effects) {
        Broker.Follower follower = feed.follower();
        if (follower != null) {
            Set<String> reached = event.elsewhere().isEmpty()
                    ? null
                    : broker.reached().of(event.elsewhere().get(0));
            effects.write(follower.deliver(event.event(), event.except(), reached));
        }
        reach(event.event().position(), effects);
    }

    /** Events up to this position are no longer available. */
    private void lose(Position now, RoomEffects effects) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Events of a room are lost: Redis no longer has those between {0} and {1}",
                position,
                now);
        broker.lost().increment();
        reach(now, effects);
        Broker.Follower follower = feed.follower();
        if (follower != null) {
            effects.write(follower.lost(now));
        }
    }

    private void repaired(RoomEffects effects) {
        if (outdated) {
            outdated = false;
            readMissing();
            return;
        }
        holding = false;
        releaseHeld(effects);
        if (!holding) {
            acknowledge(this::isBeginningOfAnother, effects); // Redis has lost these epochs
        }
    }

    /** Nothing may have been published in that epoch yet. */
    private boolean isBeginningOfAnother(Position place) {
        return place.number() == 0 && !place.epoch().equals(position.epoch());
    }

    void releaseHeld(RoomEffects effects) {
        List<byte[]> messages = new ArrayList<>(held);
        held.clear();
        heldBytes = 0;
        for (byte[] message : messages) {
            if (holding) {
                hold(message);
                continue;
            }
            try {
                apply(message, effects);
            } catch (RuntimeException malformed) {
                broker.malformed(feed.keys().room(), malformed);
            }
        }
    }

    /**
     * Redis has taken events of this node. They are acknowledged when they were delivered here. The beginning of another epoch
     * is read, as no message may come that tells of it.
     *
     * @param known whether they had been published before, perhaps long ago
     * @param following whether they are still to be delivered here
     */
    void arrived(RoomEffects.Arrived batch, boolean known, boolean following, RoomEffects effects) {
        boolean old = known && position != null && !batch.last().epoch().equals(position.epoch());
        if (!following || old || hasPassed(batch.last())) {
            effects.acknowledge(batch);
            return;
        }
        acknowledgements.add(batch);
        if (isBeginningOfAnother(batch.last()) && !holding) {
            holding = true;
            readMissing();
        }
    }

    /** Messages may be lost from now on. */
    void interrupted() {
        holding = true;
    }

    /**
     * Messages come again: what was published while they did not is read, also if something has been read since then. Redis can
     * be asked before messages come again, and what is published in between would be missing until the next message.
     */
    void resubscribed() {
        holding = true;
        outdated = reading;
    }

    /** Reads what is missing, if Redis is not being asked yet. */
    void resume() {
        if (holding && !reading) {
            readMissing();
        }
    }
}
