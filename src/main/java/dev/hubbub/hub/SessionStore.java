package dev.hubbub.hub;

import java.time.Duration;

/**
 * The sessions of clients that were lost and may return, for all transports of one namespace.
 *
 * <p>Contract: a session can be taken once. If several callers take it at the same time, one gets it.
 */
interface SessionStore {
    /**
     * Keeps a session, in place of a former one with the same id.
     *
     * @return false if there is no room; then the client cannot return
     */
    boolean put(Session session, Duration timeToLive);

    /**
     * Removes a session and returns it.
     *
     * @return null if there is none, its time has passed, or the secret or the user is another; then it stays
     */
    Session take(String id, String secret, String user);

    /** Forgets a session. */
    void remove(String id);

    /** How many sessions are kept. */
    int size();
}
