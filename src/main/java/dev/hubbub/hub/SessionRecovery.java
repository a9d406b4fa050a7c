package dev.hubbub.hub;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.protocol.CloseCode;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Recognises clients that return. A client proves that it is a former one by {@code <id>.<secret>}, and by being the same user.
 * The client may know before the server that its connection is gone; then the former connection is ended first.
 */
final class SessionRecovery {
    /** A client waits no longer for its former id; then it gets a new one. */
    private static final long TAKE_TIMEOUT_MS = 1_000;

    private final ClientRegistry registry;
    private final SessionStore sessions;
    private final ClientLifecycle lifecycle;
    private final Closers closers;
    /** Null without a cluster. */
    private final ClusterSessions elsewhere;

    SessionRecovery(
            ClientRegistry registry,
            SessionStore sessions,
            ClientLifecycle lifecycle,
            Closers closers,
            ClusterSessions elsewhere) {
        this.elsewhere = elsewhere;
        this.registry = registry;
        this.sessions = sessions;
        this.lifecycle = lifecycle;
        this.closers = closers;
    }

    /** The session of a client that connects and names it by {@link LocalClient#FORMER}; null if it is a new client. */
    Session take(Handshake handshake) {
        String token = handshake.parameter(LocalClient.FORMER).orElse("");
        String user = handshake.identity().name();
        int dot = token.indexOf('.');
        if (elsewhere == null || dot < 0) {
            return take(token, user);
        }
        String id = token.substring(0, dot);
        String secret = token.substring(dot + 1);
        Boolean taken = takeFromCluster(id, secret, user);
        if (Boolean.FALSE.equals(taken)) {
            return null;
        }
        Session here = take(token, user); // ends what is left of the client here
        LocalClient earlier = Boolean.TRUE.equals(taken) ? registry.find(id) : null;
        if (earlier != null) {
            supersede(earlier); // an earlier form, which has returned elsewhere since; that news is still on its way
        }
        if (here == null && taken != null) {
            here = new Session(id, null, null, user, Map.of(), Map.of(), Map.of());
        }
        if (here != null) {
            elsewhere.retake(id, secret);
        }
        return here;
    }

    /** Blocks for one exchange with the cluster, but only for a client whose secret is genuine. */
    private Boolean takeFromCluster(String id, String secret, String user) {
        try {
            return elsewhere.take(id, secret, user).toCompletableFuture().get(TAKE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    /** Another node has taken over a client: it is no client of this one any more, without news for its rooms. */
    void released(String id) {
        LocalClient present = registry.find(id);
        if (present != null) {
            supersede(present);
        }
        sessions.remove(id);
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
