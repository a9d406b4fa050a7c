package dev.hubbub.hub;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.protocol.CloseCode;

/**
 * Recognises clients that return. A client proves that it is a former one by {@code <id>.<secret>}, and by being the same user.
 * The client may know before the server that its connection is gone; then the former connection is ended first.
 */
final class SessionRecovery {
    private final ClientRegistry registry;
    private final SessionStore sessions;
    private final ClientLifecycle lifecycle;
    private final Closers closers;

    SessionRecovery(ClientRegistry registry, SessionStore sessions, ClientLifecycle lifecycle, Closers closers) {
        this.registry = registry;
        this.sessions = sessions;
        this.lifecycle = lifecycle;
        this.closers = closers;
    }

    /** The session of a client that connects and names it by {@link LocalClient#FORMER}; null if it is a new client. */
    Session take(Handshake handshake) {
        return take(
                handshake.parameter(LocalClient.FORMER).orElse(""),
                handshake.identity().name());
    }

    /**
     * Takes a session, which nobody can take again.
     *
     * @param token {@code <id>.<secret>}
     * @param user the name of the user; null for an anonymous client
     * @return null if there is no such session, or it belongs to somebody else
     */
    Session take(String token, String user) {
        SessionProof.Claim former = SessionProof.Claim.parse(token);
        if (former.secret() == null) {
            return null;
        }
        LocalClient present = registry.find(former.id());
        if (present != null
                && present.proof().isGivenBy(former.secret())
                && java.util.Objects.equals(present.identity().name(), user)) {
            supersede(present);
        }
        return sessions.take(former.id(), former.secret(), user);
    }

    private void supersede(LocalClient client) {
        Close close = new Close(CloseCode.GOING_AWAY, "You have connected again");
        lifecycle.disconnected(client, close); // waits for another thread that is just doing that
        closers.execute(() -> client.connection().close(close.code(), close.reason()));
    }
}
