package dev.hubbub.socketio;

import dev.hubbub.app.Settings;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import java.util.concurrent.Future;

/** The pings of one session, each of which the client must answer in time, and the time that it has to connect. */
final class EngineHeartbeat {
    private static final Frame PING = Frame.text("2");

    private final EngineSessions engine;
    private final LocalHub hub;
    private final Settings settings;
    private final EngineSession session;

    // Guarded by this.
    private Future<?> nextPing;
    private Future<?> patience;
    private Future<?> connectPatience;
    private boolean stopped;

    EngineHeartbeat(EngineSessions engine, EngineSession session) {
        this.engine = engine;
        this.hub = engine.hubbub().hub();
        this.settings = engine.hubbub().settings();
        this.session = session;
    }

    synchronized void start() {
        pingLater();
        awaitConnect();
    }

    /** Nobody is connected in the session: it ends, unless somebody does. */
    synchronized void awaitConnect() {
        if (stopped) {
            return;
        }
        connectPatience = hub.after(engine.connectPatience(), () -> {
            if (!session.isConnected()) {
                session.closeAside(CloseCode.POLICY, "Nobody connects");
            }
        });
    }

    /** Called with the lock. */
    private void pingLater() {
        if (!stopped) {
            nextPing = hub.after(settings.heartbeat(), this::ping);
        }
    }

    private void ping() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            patience = hub.after(
                    settings.heartbeatTimeout(), () -> session.closeAside(CloseCode.GOING_AWAY, "No answer to a ping"));
        }
        hub.doAside(() -> session.send(PING));
    }

    synchronized void pong() {
        if (patience != null) {
            cancel(patience);
            patience = null;
            pingLater();
        }
    }

    synchronized void stop() {
        stopped = true;
        cancel(nextPing);
        cancel(patience);
        cancel(connectPatience);
    }

    private static void cancel(Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
