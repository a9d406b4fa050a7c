package dev.hubbub.socketio;

import dev.hubbub.http.Responder;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.HubServices;
import dev.hubbub.protocol.CloseCode;
import java.time.Duration;

/**
 * The upgrade of a session from polling to a WebSocket (Engine.IO protocol 4, "Upgrade"): the client probes the WebSocket, waits
 * for the response to its poll, and upgrades. Except for the methods that schedule something, it is guarded by the lock of the
 * {@link EngineTransport}.
 */
final class EngineUpgrade {
    /** From the answer to the probe to the response to the waiting poll, as in the reference server. */
    private static final Duration RELEASE_DELAY = Duration.ofMillis(100);

    /** How long an upgrade may take. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EngineTransport transport;
    private final HubServices services;

    /** The WebSocket of the upgrade in progress; null if there is none. */
    private Connection probe;

    private boolean probed;

    EngineUpgrade(EngineTransport transport, HubServices services) {
        this.transport = transport;
        this.services = services;
    }

    /** @return false if an upgrade is in progress */
    boolean begin(Connection webSocket) {
        if (probe != null) {
            return false;
        }
        probe = webSocket;
        return true;
    }

    /** The client has probed the WebSocket. */
    void probed() {
        probed = true;
    }

    boolean isProbed() {
        return probed;
    }

    Connection probe() {
        return probe;
    }

    /**
     * The upgrade is complete or has failed.
     *
     * @return false if this WebSocket is not the one of the upgrade
     */
    boolean end(Connection webSocket) {
        if (probe != webSocket) {
            return false;
        }
        probe = null;
        probed = false;
        return true;
    }

    /** Closes the WebSocket if the upgrade is not complete in time. */
    void endAfterTimeout(Connection webSocket) {
        services.scheduler().schedule("Engine.IO upgrade time-out", TIMEOUT, () -> {
            if (transport.endUpgrade(webSocket)) {
                services.closers().execute(() -> webSocket.close(CloseCode.POLICY, "The upgrade has timed out"));
            }
        });
    }

    /** Schedules the response to a poll whose client waits for it to complete the upgrade. */
    void scheduleRelease(Responder poll) {
        services.scheduler()
                .schedule(
                        "Engine.IO upgrade",
                        RELEASE_DELAY,
                        () -> services.writers().execute("Engine.IO upgrade", () -> transport.release(poll)));
    }
}
