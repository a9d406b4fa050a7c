package dev.hubbub.socketio;

import dev.hubbub.Handshake;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.protocol.CloseCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Engine.IO sessions of one {@link Hubbub}. */
final class EngineSessions {
    /** Sessions in which no client has connected yet. {@link EngineHeartbeat} closes them after the {@link #connectTimeout}. */
    private static final int MAX_UNCONNECTED = 10_000;

    private final Hubbub hubbub;
    private final Map<String, EngineSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, EngineSession> unconnected = new ConcurrentHashMap<>();

    private EngineSessions(Hubbub hubbub) {
        this.hubbub = hubbub;
        hubbub.hub().cluster().ifPresent(cluster -> EngineForwarding.serve(this, cluster.forwarding()));
    }

    static EngineSessions of(Hubbub hubbub) {
        return hubbub.transportState(EngineSessions.class, EngineSessions::new);
    }

    Hubbub hubbub() {
        return hubbub;
    }

    /** The session with this id; null if it does not exist or has ended. */
    EngineSession session(String sid) {
        return sessions.get(sid);
    }

    /**
     * Opens a session.
     *
     * @return null if no client has connected in too many open sessions, of all clients or of this one's address
     */
    EngineSession open(Handshake handshake) {
        if (unconnected.size() >= MAX_UNCONNECTED
                || !limiter().opening(handshake.remoteAddress(), handshake.forwarded())) {
            return null;
        }
        EngineSession session = new EngineSession(this, newSid(), handshake);
        sessions.put(session.sid(), session);
        unconnected.put(session.sid(), session);
        session.heartbeat().start();
        return session;
    }

    private String newSid() {
        String id = hubbub.hub().newId();
        return hubbub.hub()
                .cluster()
                .map(cluster -> id + "." + cluster.forwarding().node())
                .orElse(id);
    }

    /** How long a session may exist without a connected client. */
    Duration connectTimeout() {
        return hubbub.settings()
                .heartbeat()
                .plus(hubbub.settings().heartbeatTimeout())
                .multipliedBy(2);
    }

    private ConnectionLimiter limiter() {
        return hubbub.hub().connections();
    }

    /** A client has connected in the session, and is counted instead of it. */
    void connected(EngineSession session) {
        noLongerWaits(session);
    }

    private void noLongerWaits(EngineSession session) {
        if (unconnected.remove(session.sid()) != null) {
            limiter().opened(session.handshake().remoteAddress());
        }
    }

    /** No client is connected in the session any more. */
    void disconnected(EngineSession session) {
        String address = session.handshake().remoteAddress();
        if (unconnected.containsKey(session.sid())) {
            return;
        }
        if (!limiter().opening(address, session.handshake().forwarded())) {
            session.closeLater(CloseCode.TRY_AGAIN_LATER, "Too many sessions of your address have no client");
            return;
        }
        if (unconnected.putIfAbsent(session.sid(), session) != null) {
            limiter().opened(address);
        }
        if (session.isClosed()) { // meanwhile, so that it may not have been found
            noLongerWaits(session);
        }
    }

    void ended(EngineSession session) {
        sessions.remove(session.sid());
        noLongerWaits(session);
    }

    /**
     * The first packet of the session (Engine.IO protocol 4, "Handshake").
     *
     * @param upgradable whether the client may upgrade to a WebSocket
     */
    String handshake(EngineSession session, boolean upgradable) {
        return "0{\"sid\":\"" + session.sid() + "\",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "")
                + "],\"pingInterval\":" + hubbub.settings().heartbeat().toMillis()
                + ",\"pingTimeout\":" + hubbub.settings().heartbeatTimeout().toMillis()
                + ",\"maxPayload\":" + hubbub.settings().maxPayload() + "}";
    }
}
