package dev.hubbub.socketio;

import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Engine.IO sessions of one Hubbub. */
final class EngineSessions {
    /** Sessions in which nobody has connected yet; each ends by itself if nobody does. */
    private static final int MAX_UNCONNECTED = 10_000;

    private final Hubbub hubbub;
    private final Comebacks comebacks;
    private final Map<String, EngineSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, EngineSession> unconnected = new ConcurrentHashMap<>();

    private EngineSessions(Hubbub hubbub) {
        this.hubbub = hubbub;
        this.comebacks = new Comebacks(hubbub);
    }

    static EngineSessions of(Hubbub hubbub) {
        return hubbub.door(EngineSessions.class, EngineSessions::new);
    }

    Hubbub hubbub() {
        return hubbub;
    }

    Comebacks comebacks() {
        return comebacks;
    }

    /** Null if there is none, or it has ended. */
    EngineSession session(String sid) {
        return sessions.get(sid);
    }

    /**
     * Opens a session.
     *
     * @return null if too many are open in which nobody has connected
     */
    EngineSession open(Handshake handshake) {
        if (unconnected.size() >= MAX_UNCONNECTED) {
            return null;
        }
        EngineSession session = new EngineSession(this, hubbub.hub().newId(), handshake);
        sessions.put(session.sid(), session);
        unconnected.put(session.sid(), session);
        session.pulse().start();
        return session;
    }

    /** For how long a session may live without anybody connected in it. */
    Duration connectPatience() {
        return hubbub.settings()
                .heartbeat()
                .plus(hubbub.settings().heartbeatTimeout())
                .multipliedBy(2);
    }

    void connected(EngineSession session) {
        unconnected.remove(session.sid());
    }

    void ended(EngineSession session) {
        sessions.remove(session.sid());
        unconnected.remove(session.sid());
    }

    /** The data of the first packet (Engine.IO protocol 4, "Handshake"). */
    String handshake(EngineSession session, boolean upgradable) {
        return "0{\"sid\":\"" + session.sid() + "\",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "")
                + "],\"pingInterval\":" + hubbub.settings().heartbeat().toMillis()
                + ",\"pingTimeout\":" + hubbub.settings().heartbeatTimeout().toMillis()
                + ",\"maxPayload\":" + hubbub.settings().maxPayload() + "}";
    }
}
