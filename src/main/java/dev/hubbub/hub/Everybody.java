package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** All clients of a hub, and the events that go to all of them: they have an order as those of a room have. */
final class Everybody {
    private final Map<String, LocalClient> clients = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final EventLog log;

    Everybody(LocalHub hub, EventLog.Limits limits) {
        log = new EventLog(limits, lock, hub);
    }

    /** Null if there is none. */
    LocalClient find(String id) {
        return clients.get(id);
    }

    /** As they are at any time. */
    Collection<LocalClient> clients() {
        return clients.values();
    }

    /** Who never comes back. */
    void enter(LocalClient client, Frame welcome, List<Outbox> toWrite) {
        // First in the outbox, then in the registry, then on its way: so nothing can come before it, and should its
        // sending fail, the registry has the client to let go of.
        client.add(welcome, toWrite);
        clients.put(client.id(), client);
    }

    /**
     * Who may come back, or does: then what it has missed follows its welcome.
     *
     * @param seen numbers by epoch; none if it comes for the first time
     * @param welcome made of whether nothing is lost; null if it comes for the first time
     */
    void enter(LocalClient client, Map<String, Long> seen, Function<Boolean, Frame> welcome, List<Outbox> toWrite) {
        lock.lock();
        try {
            Long number = seen.get(log.epoch());
            List<Frame> missed = log.since(number, client.formerId());
            Position position = missed == null ? log.here() : new Position(log.epoch(), number);
            Boolean recovered = seen.isEmpty() ? null : missed != null;
            client.add(welcome.apply(recovered).at(position), toWrite);
            if (missed != null) {
                missed.forEach(frame -> client.add(frame, toWrite));
            }
            clients.put(client.id(), client);
        } finally {
            lock.unlock();
        }
    }

    void remove(LocalClient client) {
        clients.remove(client.id(), client);
    }

    void emit(Frame frame, Set<? extends Client> except, List<Outbox> toWrite) {
        lock.lock();
        try {
            Frame placed = log.add(frame, except);
            for (LocalClient client : clients.values()) {
                if (!except.contains(client)) {
                    client.add(placed, toWrite);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether none of the events to all is forgotten that somebody has missed who has seen this. */
    boolean remembers(Map<String, Long> seen) {
        lock.lock();
        try {
            return log.since(seen.get(log.epoch()), "") != null;
        } finally {
            lock.unlock();
        }
    }
}
