package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import dev.hubbub.protocol.Positions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What this node receives of one room, from the moment that it is opened until it has been without a follower for a while: its
 * events, by {@link RoomSequence}, and the changes of its members.
 *
 * <p>The lock of the follower comes after this one; calls to the link and the publisher's lock come after it too.
 */
final class RoomFeed {
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
    private final RoomSequence sequence;
    private final Consumer<byte[]> receiver = this::received;

    final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private State state = State.NEW;
    private Broker.Follower follower;
    private CompletableFuture<Void> opened;
    private long unfollowedSince;
    /** The room is open, but it is not known yet where it is. */
    private boolean provisional;

    /** @param history null if the room is not durable */
    RoomFeed(RedisBroker broker, RoomKeys keys, String name, History history) {
        this.broker = broker;
        this.keys = keys;
        this.name = name;
        publisher = new RoomPublisher(broker, keys, this, history);
        presence = new RoomPresence(broker, this);
        elsewhere = new RoomElsewhere(broker, keys, presence);
        sequence = new RoomSequence(broker, this);
    }

    RoomPublisher publisher() {
        return publisher;
    }

    /** Null if the room is not durable. */
    StoredRoom stored() {
        return publisher.stored();
    }

    RoomPresence presence() {
        return presence;
    }

    RoomKeys keys() {
        return keys;
    }

    /** Where the room is; null if this node does not follow it. */
    Position position() {
        return sequence.position();
    }

    /** Called with the lock. @return null if nobody follows the room here */
    Broker.Follower follower() {
        return follower;
    }

    /** Called with the lock. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Takes the lock until they are closed. */
    RoomEffects effects() {
        return new RoomEffects(broker, lock);
    }

    /** The room of all clients or of a user, which a client enters also while Redis is away. */
    static boolean isReserved(String name) {
        return name.charAt(0) < ' ';
    }

    /** @return null if the feed is closed and the caller must find the next one */
    CompletionStage<Void> open(Broker.Follower next) {
        try (RoomEffects effects = effects()) {
            if (state == State.CLOSED) {
                return null;
            }
            follower = next;
            if (state == State.OPEN) {
                next.opened(sequence.position());
                effects.write(elsewhere.tell(next));
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
            if (!isReserved(name)) {
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
        sequence.beginUnknown(new Position(Positions.newEpoch(), 0));
        if (follower != null) {
            follower.opened(sequence.position());
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
        try (RoomEffects effects = effects()) {
            if (state == State.CLOSED) {
                return;
            }
            boolean moved = provisional;
            provisional = false;
            sequence.begin(now);
            if (moved && follower != null) {
                follower.opened(now);
            }
            effects.write(elsewhere.replace(members, follower));
            if (state == State.OPENING) {
                state = State.OPEN;
                told = opened;
                if (follower != null) {
                    follower.opened(now);
                    effects.write(elsewhere.tell(follower));
                } else {
                    unfollowedSince = System.nanoTime();
                }
            }
            sequence.releaseHeld(effects);
        }
        if (told != null) {
            broker.complete(List.of(told), stage -> stage.complete(null));
        }
    }

    private void failedToOpen(RuntimeException failure) {
        CompletableFuture<Void> failed;
        try (RoomEffects effects = effects()) {
            if (state != State.OPENING) {
                return; // tried again when Redis is back
            }
            failed = opened;
            if (isReserved(name)) {
                openProvisionally();
            } else {
                close(effects);
            }
        }
        if (isReserved(name)) {
            broker.complete(List.of(failed), stage -> stage.complete(null));
            return;
        }
        RuntimeException told = failure instanceof EventException ? failure : CommandLink.unavailable();
        broker.complete(List.of(failed), stage -> stage.completeExceptionally(told));
    }

    /** Called with the lock. */
    private void close(RoomEffects effects) {
        broker.subscription().unsubscribe(keys.channel(), receiver);
        state = State.CLOSED;
        sequence.end(effects);
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
        try (RoomEffects effects = effects()) {
            if (state == State.OPENING || follower != null) {
                return false;
            }
            if (state == State.OPEN && (!presence.isEmpty() || System.nanoTime() - unfollowedSince < lingerNanos)) {
                return false;
            }
            if (!publisher.isIdle()) {
                return false;
            }
            close(effects);
            return true;
        }
    }

    /** Called by the thread that reads the subscription. */
    private void received(byte[] message) {
        try (RoomEffects effects = effects()) {
            if (state == State.CLOSED || state == State.NEW) {
                return;
            }
            char kind = message.length < 2 ? 0 : (char) message[1];
            if (message.length > 2
                    && message[0] == EventBatch.FORMAT
                    && (kind == PresenceChanges.LISTED || kind == PresenceChanges.COUNTED)) {
                effects.write(elsewhere.received(PresenceChanges.parse(message), follower));
            } else {
                sequence.received(message, state == State.OPENING, effects);
            }
        } catch (RuntimeException malformed) {
            broker.malformed(keys.room(), malformed);
        }
    }

    /**
     * Redis has taken events of this node. They are acknowledged when they were delivered here.
     *
     * @param known whether they had been published before, perhaps long ago
     */
    void arrived(RoomEffects.Arrived batch, boolean known) {
        try (RoomEffects effects = effects()) {
            boolean following = state == State.OPEN && !provisional;
            sequence.arrived(batch, known, following, effects);
        }
    }

    /** Completes when the events up to this position have been delivered here, if this node follows the room. */
    CompletionStage<Position> reached(Position position) {
        CompletableFuture<Position> stage = new CompletableFuture<>();
        Publication marker = new Publication(Publication.Kind.EVENT, null, null, stage, null, null);
        arrived(new RoomEffects.Arrived(position, List.of(marker), null), false);
        return stage;
    }

    /** Messages may be lost from now on. */
    void interrupted() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                sequence.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Messages come again. */
    void resubscribed() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                sequence.resubscribed();
            }
        } finally {
            lock.unlock();
        }
        resume();
    }

    /** Redis is back: what is missing is read. */
    void resume() {
        lock.lock();
        try {
            if (state != State.OPEN) {
                return;
            }
            if (!provisional) {
                sequence.resume();
                return;
            }
        } finally {
            lock.unlock();
        }
        locate();
    }

    /** The members on other nodes are read anew, and those of this node are announced if that is needed. */
    void refreshPresence(boolean always) {
        lock.lock();
        try {
            if (state != State.OPEN || isReserved(name)) {
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
        try (RoomEffects effects = effects()) {
            effects.write(elsewhere.replace(members, follower));
        }
    }
}
