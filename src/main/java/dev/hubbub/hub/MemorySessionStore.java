package dev.hubbub.hub;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions in memory, at most {@link #MAX} of them. */
final class MemorySessionStore implements SessionStore {
    /** Clients that connect and vanish at will must not fill the memory. */
    static final int MAX = 10_000;

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Scheduler scheduler;

    MemorySessionStore(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public boolean put(Session session, Duration timeToLive) {
        if (sessions.size() >= MAX) {
            return false;
        }
        sessions.put(session.id(), session);
        scheduler.schedule("session expiry", timeToLive, () -> remove(session));
        return true;
    }

    @Override
    public Session take(String id, String secret, String user) {
        Session session = sessions.get(id);
        return session != null && session.isOf(secret, user) && remove(session) ? session : null;
    }

    /** @return false if it has been taken, or replaced by a later session with the same id */
    private boolean remove(Session session) {
        boolean[] removed = {false};
        sessions.computeIfPresent(session.id(), (id, present) -> {
            removed[0] = present == session;
            return removed[0] ? null : present;
        });
        return removed[0];
    }

    @Override
    public void remove(String id) {
        sessions.remove(id);
    }

    @Override
    public int size() {
        return sessions.size();
    }
}
