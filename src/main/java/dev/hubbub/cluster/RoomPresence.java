package dev.hubbub.cluster;

import dev.hubbub.hub.Broker.MemberChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The members that one room has on this node, as the other nodes are told of them. Changes are collected for a moment; an event
 * of the room takes along what waits. Its lock is taken with the room's, and calls nothing but the link.
 */
final class RoomPresence {
    static final Duration PAUSE = Duration.ofMillis(200);

    private final RedisBroker broker;
    private final RoomFeed feed;

    // Guarded by this.
    /** Also those that were lost and may return. */
    private final Map<String, MemberChange> mine = new LinkedHashMap<>();

    private Map<String, MemberChange> waiting = new LinkedHashMap<>();
    private long sentAt = System.nanoTime() - PAUSE.toNanos();
    private boolean scheduled;
    /** Something of what was sent may not have arrived. */
    private boolean lost;

    private volatile boolean hasWaiting;

    /** All nodes have lost their members, and this one the last, but nothing had been given that is to run then. */
    private boolean emptied;
    /** To run if the members that have left here were the last ones on all nodes; null for nothing. */
    private Runnable whenEmptied;

    RoomPresence(RedisBroker broker, RoomFeed feed) {
        this.broker = broker;
        this.feed = feed;
    }

    synchronized void change(MemberChange change) {
        boolean first = mine.isEmpty() && change.json() != null;
        if (change.json() == null) {
            if (mine.remove(change.id()) == null) {
                return; // has joined on another node meanwhile
            }
        } else {
            mine.put(change.id(), change);
            emptied = false;
            whenEmptied = null;
        }
        waiting.remove(change.id());
        waiting.put(change.id(), change);
        hasWaiting = true;
        // The first member on a node is announced at once, so that a room with members is not taken for an empty one
        // elsewhere.
        if (first || System.nanoTime() - sentAt >= PAUSE.toNanos()) {
            flush();
        } else if (!scheduled) {
            scheduled = true;
            broker.schedule("presence", PAUSE, () -> {
                synchronized (this) {
                    scheduled = false;
                }
                flush();
            });
        }
    }

    /** Sends what waits. */
    void flush() {
        if (!hasWaiting) {
            return;
        }
        synchronized (this) {
            if (!waiting.isEmpty()) {
                send(new ArrayList<>(waiting.values()), false);
            }
        }
    }

    /** Called with the lock. */
    private void send(List<MemberChange> changes, boolean whole) {
        waiting = new LinkedHashMap<>();
        hasWaiting = false;
        sentAt = System.nanoTime();
        feed.publisher().add(Publication.of(new PresenceChanges(changes, whole)));
    }

    /** The room has lost its last member on this node; the task runs if it has none on another node either. */
    void whenEmptied(Runnable task) {
        synchronized (this) {
            if (!emptied) {
                whenEmptied = task;
                return;
            }
            emptied = false;
        }
        task.run();
    }

    /** @param last whether no node has members after what this one has sent */
    void announced(boolean last) {
        Runnable task;
        synchronized (this) {
            if (!last || !mine.isEmpty()) { // somebody may have joined here meanwhile
                return;
            }
            task = whenEmptied;
            whenEmptied = null;
            emptied = task == null;
        }
        if (task != null) {
            task.run();
        }
    }

    /** A member of this node has joined on another one. */
    synchronized void moved(String id) {
        mine.remove(id);
        waiting.remove(id);
    }

    synchronized boolean has(String id) {
        return mine.containsKey(id);
    }

    /** What was sent has not arrived; {@link #announceAll} mends that. */
    synchronized void lose() {
        lost = true;
    }

    /** @param always also if nothing is known to be lost */
    synchronized void announceAll(boolean always) {
        if ((always && !mine.isEmpty()) || lost) {
            lost = false;
            send(new ArrayList<>(mine.values()), true);
        }
    }

    synchronized int size() {
        return mine.size();
    }

    synchronized boolean isEmpty() {
        return mine.isEmpty() && waiting.isEmpty();
    }
}
