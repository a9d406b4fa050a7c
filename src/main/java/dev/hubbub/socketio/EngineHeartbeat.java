package dev.hubbub.socketio;

import dev.hubbub.app.Settings;
import dev.hubbub.hub.HubServices;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Frame;
import java.util.concurrent.Future;

/** Sends the pings of one session, and closes it if a ping is not answered in time or no client is connected in it. */
final class EngineHeartbeat {
    private static final Frame PING = Frame.text("2");

    private final EngineSessions engine;
    private final HubServices services;
    private final Settings settings;
    private final EngineSession session;

    // Guarded by this.
    private Future<?> nextPing;
    private Future<?> pongTimeout;
    private Future<?> connectTimeout;
    private boolean stopped;

    EngineHeartbeat(EngineSessions engine, EngineSession session) {
        this.engine = engine;
        this.services = engine.hubbub().hub().services();
        this.settings = engine.hubbub().settings();
        this.session = session;
    }

    synchronized void start() {
        schedulePing();
        awaitConnect();
    }

    /** Closes the session if no client connects in time. Called whenever no client is connected in it. */
    synchronized void awaitConnect() {
        if (stopped) {
            return;
        }
        cancel(connectTimeout); // a client that connects and disconnects in a loop must not leave a timer each time
        connectTimeout = services.scheduler().schedule("Socket.IO connect time-out", engine.connectTimeout(), () -> {
            if (!session.isConnected()) {
                session.closeLater(CloseCode.POLICY, "No client has connected");
            }
        });
    }

    /** Called with the lock. */
    private void schedulePing() {
        if (!stopped) {
            nextPing = services.scheduler().schedule("Engine.IO ping", settings.heartbeat(), this::ping);
        }
    }

    private void ping() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            pongTimeout = services.scheduler()
                    .schedule(
                            "Engine.IO pong time-out",
                            settings.heartbeatTimeout(),
                            () -> session.closeLater(CloseCode.GOING_AWAY, "No answer to a ping"));
        }
        services.writers().execute("Engine.IO ping", () -> session.send(PING));
    }

    synchronized void pong() {
        if (pongTimeout != null) {
            cancel(pongTimeout);
            pongTimeout = null;
            schedulePing();
        }
    }

    synchronized void stop() {
        stopped = true;
        cancel(nextPing);
        cancel(pongTimeout);
        cancel(connectTimeout);
    }

    private static void cancel(Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
