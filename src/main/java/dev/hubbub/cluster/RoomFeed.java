package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.protocol.Positions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What this node receives of one room, from the moment that it is opened until it has been without a follower for a while. Events
 * are delivered in the order of their numbers; if some are missing, those that follow are held until the missing ones were read.
 *
 * <p>The lock of the follower comes after this one; calls to the link and the publisher's lock come after it too.
 */
final class RoomFeed {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Messages and bytes that are held while missing events are read; beyond that they are read as well. */
    private static final int MAX_HELD = 4_096;

    private static final long MAX_HELD_BYTES = 16L << 20;

    private enum State {
        NEW,
        OPENING,
        OPEN,
        CLOSED
    }

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final String name;
    private final RoomPublisher publisher;
    private final RoomPresence presence;
    private final RoomElsewhere elsewhere;
    private final Consumer<byte[]> receiver = this::received;

    final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private State state = State.NEW;
    private Broker.Follower follower;
    private CompletableFuture<Void> opened;
    private volatile Position position;
    private String formerEpoch = "";
    private long unfollowedSince;
    /** Messages are held until what is missing has been read. */
    private boolean holding;
    /** A call that reads what is missing is on its way. */
    private boolean reading;
    /** What is being read was asked for before messages came again. */
    private boolean outdated;

    /** The room is open, but it is not known yet where it is. */
    private boolean provisional;

    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private long heldBytes;
    private final List<Arrived> acknowledgements = new ArrayList<>();

    /** Events that Redis has taken and that have not been delivered here yet. */
    private record Arrived(Position last, List<RoomPublisher.Item> items) {}

    /** What has to be done after the lock was released. */
    private final class Effects implements AutoCloseable {
        private final List<Runnable> writes = new ArrayList<>();
        private final List<Arrived> delivered = new ArrayList<>();

        Effects() {
            lock.lock();
        }

        void add(Runnable writing) {
            if (writing != null) {
                writes.add(writing);
            }
        }

        @Override
        public void close() {
            lock.unlock();
            if (!writes.isEmpty()) {
                broker.write(writes);
            }
            delivered.forEach(batch -> broker.acknowledge(batch.last, batch.items));
        }
    }

    RoomFeed(RedisBroker broker, RoomKeys keys, String name) {
        this.broker = broker;
        this.keys = keys;
        this.name = name;
        publisher = new RoomPublisher(broker, keys, this);
        presence = new RoomPresence(broker, this);
        elsewhere = new RoomElsewhere(broker, keys, presence);
    }

    RoomPublisher publisher() {
        return publisher;
    }

    RoomPresence presence() {
        return presence;
    }

    RoomKeys keys() {
        return keys;
    }

    /** Where the room is; null if this node does not follow it. */
    Position position() {
        return position;
    }

    /** The room of all clients or of a user, which a client enters also while Redis is away. */
    private boolean isReserved() {
        return name.charAt(0) < ' ';
    }

    /** @return null if the feed is closed and the caller must find the next one */
    CompletionStage<Void> open(Broker.Follower next) {
        try (Effects effects = new Effects()) {
            if (state == State.CLOSED) {
                return null;
            }
            follower = next;
            if (state == State.OPEN) {
                next.opened(position);
                effects.add(elsewhere.tell(next));
                return CompletableFuture.completedFuture(null);
            }
            if (state == State.NEW) {
                begin();
            }
            return opened;
        }
    }

    /** Called with the lock. */
    private void begin() {
        state = State.OPENING; // before the link is asked: should Redis be given up now, this room is failed, too
        opened = new CompletableFuture<>();
        if (!broker.link().isAvailable()) {
            if (!isReserved()) {
                state = State.NEW;
                throw CommandLink.unavailable();
            }
            openProvisionally();
            opened.complete(null);
        }
        broker.subscription().subscribe(keys.channel(), receiver).thenRun(this::locate);
    }

    /** Called with the lock. */
    private void openProvisionally() {
        state = State.OPEN;
        provisional = true;
        holding = true;
        position = new Position(Positions.newEpoch(), 0);
        if (follower != null) {
            follower.opened(position);
        }
    }

    private int presenceLimit() {
        Broker.Follower present = follower;
        return present == null ? broker.config().presenceLimit() : present.presenceLimit();
    }

    private void locate() {
        broker.link().submit(new RoomCalls.Open(keys, presenceLimit()) {
            @Override
            void opened(Position now, RoomElsewhere.Snapshot members) {
                begun(now, members);
            }

            @Override
            void failed(RuntimeException failure) {
                failedToOpen(failure);
            }
        });
    }

    private void begun(Position now, RoomElsewhere.Snapshot members) {
        CompletableFuture<Void> told = null;
        try (Effects effects = new Effects()) {
            if (state == State.CLOSED) {
                return;
            }
            boolean moved = provisional;
            position = now;
            provisional = false;
            holding = false;
            if (moved && follower != null) {
                follower.opened(now);
            }
            effects.add(elsewhere.replace(members, follower));
            if (state == State.OPENING) {
                state = State.OPEN;
                told = opened;
                if (follower != null) {
                    follower.opened(now);
                    effects.add(elsewhere.tell(follower));
                } else {
                    unfollowedSince = System.nanoTime();
                }
            }
            releaseHeld(effects);
        }
        if (told != null) {
            broker.complete(List.of(told), stage -> stage.complete(null));
        }
    }

    private void failedToOpen(RuntimeException failure) {
        CompletableFuture<Void> failed;
        lock.lock();
        try {
            if (state != State.OPENING) {
                return; // tried again when Redis is back
            }
            failed = opened;
            if (isReserved()) {
                openProvisionally();
            } else {
                close();
            }
        } finally {
            lock.unlock();
        }
        if (isReserved()) {
            broker.complete(List.of(failed), stage -> stage.complete(null));
            return;
        }
        RuntimeException told = failure instanceof EventException ? failure : CommandLink.unavailable();
        broker.complete(List.of(failed), stage -> stage.completeExceptionally(told));
    }

    /** Called with the lock. */
    private void close() {
        broker.subscription().unsubscribe(keys.channel(), receiver);
        state = State.CLOSED;
        position = null;
        held.clear();
    }

    /** Redis has been away for too long. */
    void unavailable() {
        failedToOpen(CommandLink.unavailable());
    }

    void unfollow(Broker.Follower former) {
        lock.lock();
        try {
            if (follower == former) {
                follower = null;
                unfollowedSince = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the feed if it has had no follower for so long. @return whether it is closed */
    boolean closeIfUnused(long lingerNanos) {
        try (Effects effects = new Effects()) {
            if (state == State.OPENING || follower != null) {
                return false;
            }
            if (state == State.OPEN && (!presence.isEmpty() || System.nanoTime() - unfollowedSince < lingerNanos)) {
                return false;
            }
            if (!publisher.isIdle()) {
                return false;
            }
            close();
            effects.delivered.addAll(acknowledgements);
            acknowledgements.clear();
            return true;
        }
    }

    /** Called by the thread that reads the subscription. */
    private void received(byte[] message) {
        try (Effects effects = new Effects()) {
            if (state == State.CLOSED || state == State.NEW) {
                return;
            }
            char kind = message.length < 2 ? 0 : (char) message[1];
            if (message.length > 2
                    && message[0] == EventBatch.FORMAT
                    && (kind == PresenceChanges.LISTED || kind == PresenceChanges.COUNTED)) {
                effects.add(elsewhere.received(PresenceChanges.parse(message), follower));
            } else if (holding || state == State.OPENING) {
                hold(message);
            } else {
                apply(message, effects);
            }
        } catch (RuntimeException malformed) {
            broker.malformed(keys.room(), malformed);
        }
    }

    private void hold(byte[] message) {
        heldBytes += message.length;
        if (held.size() < MAX_HELD && heldBytes < MAX_HELD_BYTES) {
            held.add(message);
        } // otherwise it is missing later, and is read
    }

    private void apply(byte[] message, Effects effects) {
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
                : batch.before() == 0 && !batch.position().epoch().equals(formerEpoch);
        if (follows) {
            deliver(batch, effects);
        } else if (sameEpoch || !batch.position().epoch().equals(formerEpoch)) {
            broker.gaps().increment();
            holding = true;
            hold(message);
            readMissing();
        }
    }

    private void deliver(EventBatch batch, Effects effects) {
        boolean sameEpoch = batch.position().epoch().equals(position.epoch());
        List<EventBatch.Event> events = batch.events(sameEpoch ? position.number() : 0);
        reach(batch.position(), effects);
        deliver(events, batch, effects);
    }

    private void deliver(List<EventBatch.Event> events, EventBatch batch, Effects effects) {
        if (follower == null) {
            return;
        }
        Set<String> reached = null;
        if (batch.kind() == EventBatch.MULTI) {
            reached = broker.reached(
                    batch.elsewhere().isEmpty()
                            ? batch.position()
                            : batch.elsewhere().get(0));
        }
        for (EventBatch.Event event : events) {
            effects.add(follower.deliver(event.frame(), event.except(), reached));
        }
    }

    /** The room is at this position from now on. */
    private void reach(Position now, Effects effects) {
        if (!now.epoch().equals(position.epoch())) {
            formerEpoch = position.epoch();
        }
        position = now;
        acknowledgements.removeIf(batch -> {
            boolean passed = hasPassed(batch.last);
            if (passed) {
                effects.delivered.add(batch);
            }
            return passed;
        });
    }

    private boolean hasPassed(Position place) {
        return place.epoch().equals(position.epoch())
                ? place.number() <= position.number()
                : place.epoch().equals(formerEpoch);
    }

    /**
     * Redis has taken events of this node. They are acknowledged when they were delivered here.
     *
     * @param known whether they had been published before, perhaps long ago
     */
    void arrived(Position last, List<RoomPublisher.Item> items, boolean known) {
        try (Effects effects = new Effects()) {
            boolean old = known && position != null && !last.epoch().equals(position.epoch());
            if (state != State.OPEN || provisional || old || hasPassed(last)) {
                effects.delivered.add(new Arrived(last, items));
            } else {
                acknowledgements.add(new Arrived(last, items));
            }
        }
    }

    /** Messages may be lost from now on. */
    void interrupted() {
        lock.lock();
        try {
            holding = holding || state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Messages come again: what was published while they did not is read, also if something has been read since then. Redis can
     * be asked before messages come again, and what is published in between would be missing until the next message.
     */
    void resubscribed() {
        lock.lock();
        try {
            holding = holding || state == State.OPEN;
            outdated = reading;
        } finally {
            lock.unlock();
        }
        resume();
    }

    /** Redis is back: what is missing is read. */
    void resume() {
        lock.lock();
        try {
            if (state == State.OPEN && holding && !reading && !provisional) {
                readMissing();
            }
            if (state != State.OPEN || !provisional) {
                return;
            }
        } finally {
            lock.unlock();
        }
        locate();
    }

    /** Called with the lock. */
    private void readMissing() {
        reading = true;
        Position from = position;
        broker.link().submit(new RoomCalls.Since(keys, from.epoch(), from.number()) {
            @Override
            void read(RoomCalls.Read read) {
                missing(read);
            }

            @Override
            void failed(RuntimeException failure) {
                lock.lock();
                try {
                    reading = false; // holding goes on until resume()
                } finally {
                    lock.unlock();
                }
            }
        });
    }

    private void missing(RoomCalls.Read read) {
        try (Effects effects = new Effects()) {
            reading = false;
            if (state != State.OPEN) {
                return;
            }
            if (read == null) {
                repaired(effects); // Redis has forgotten the room: its next event begins an epoch
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
            if (applied == 0) {
                Position beginning = new Position(read.position().epoch(), 0);
                if (read.formerEpoch().isEmpty() || read.formerEpoch().equals(position.epoch())) {
                    reach(beginning, effects); // without a former epoch, Redis had been restarted empty
                } else {
                    lose(beginning, effects); // there was an epoch between
                }
            }
            readMissing();
        } catch (IllegalArgumentException malformed) {
            broker.malformed(keys.room(), malformed);
        }
    }

    /** Events up to this position are no longer available. */
    private void lose(Position now, Effects effects) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Events of a room are lost: Redis no longer has those between {0} and {1}",
                position,
                now);
        broker.lost().increment();
        reach(now, effects);
        if (follower != null) {
            effects.add(follower.lost(now));
        }
    }

    private void repaired(Effects effects) {
        if (outdated) {
            outdated = false;
            readMissing();
            return;
        }
        holding = false;
        releaseHeld(effects);
    }

    private void releaseHeld(Effects effects) {
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
                broker.malformed(keys.room(), malformed);
            }
        }
    }

    /** The members on other nodes are read anew, and those of this node are announced if that is needed. */
    void refreshPresence(boolean always) {
        lock.lock();
        try {
            if (state != State.OPEN || isReserved()) {
                return;
            }
            elsewhere.readAgain(presenceLimit());
        } finally {
            lock.unlock();
        }
        presence.announceAll(always);
    }

    /** The members could not be read. */
    void membersUnknown() {
        lock.lock();
        try {
            elsewhere.unknown();
        } finally {
            lock.unlock();
        }
    }

    /** A snapshot of the members has been read. */
    void replaceMembers(RoomElsewhere.Snapshot members) {
        try (Effects effects = new Effects()) {
            effects.add(elsewhere.replace(members, follower));
        }
    }
}
