package dev.hubbub.hub;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Member;
import dev.hubbub.protocol.CloseCode;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Recognises clients that return, and knows what they have missed. A client proves that it is a former one by {@code <id>.<secret>},
 * and by being the same user. The client may know before the server that its connection is gone; then the former connection is
 * ended first.
 */
public final class SessionRecovery {
    /** A client waits no longer for its former id; then it gets a new one. */
    private static final long TAKE_TIMEOUT_MS = 1_000;

    private final ClientRegistry registry;
    private final SessionStore sessions;
    private final Rooms rooms;
    private final ClientLifecycle lifecycle;
    private final Closers closers;
    /** Null without a cluster. */
    private final ClusterSessions elsewhere;

    SessionRecovery(
            ClientRegistry registry,
            SessionStore sessions,
            Rooms rooms,
            ClientLifecycle lifecycle,
            Closers closers,
            ClusterSessions elsewhere) {
        this.elsewhere = elsewhere;
        this.registry = registry;
        this.sessions = sessions;
        this.rooms = rooms;
        this.lifecycle = lifecycle;
        this.closers = closers;
    }

    /** The id of a client that connects: its former one, if it proves that it is the same client and returns in time. */
    public String idFor(Handshake handshake) {
        Session former = take(handshake);
        return former == null ? Secret.id() : former.id();
    }

    /** The session of a client that connects and names it by {@link LocalClient#FORMER}; null if it is a new client. */
    private Session take(Handshake handshake) {
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
    public Session take(String token, String user) {
        SessionProof.Claim former = SessionProof.Claim.parse(token);
        if (former.secret() == null) {
            return null;
        }
        LocalClient present = registry.find(former.id());
        if (present != null
                && present.proof().isGivenBy(former.secret())
                && Objects.equals(present.identity().name(), user)) {
            supersede(present);
        }
        return sessions.take(former.id(), former.secret(), user);
    }

    /** The rooms or positions of a client have changed. Does not block. */
    public void keep(LocalClient client) {
        if (elsewhere != null) {
            lifecycle.keep(client);
        }
    }

    /**
     * As {@link #take(String, String)}, from whichever node has the session. May block.
     *
     * @return completes with null if there is no such session
     */
    public CompletionStage<Session> takeAnywhere(String token, String user) {
        SessionProof.Claim former = SessionProof.Claim.parse(token);
        if (elsewhere == null || former.secret() == null) {
            return CompletableFuture.completedFuture(take(token, user));
        }
        return elsewhere
                .takeKept(former.id(), former.secret(), user)
                .toCompletableFuture()
                .completeOnTimeout(null, TAKE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .thenApply(kept -> {
                    Session here = take(token, user); // ends what is left of the client here
                    if (kept != null) {
                        elsewhere.returned(kept);
                    }
                    return kept == null || (kept.here() && here != null) ? here : kept.session();
                });
    }

    /**
     * Whether everything is remembered that a client has missed which was in these rooms.
     *
     * @param seen the numbers that it has seen, by epoch, of each room and of the events to everyone
     */
    public CompletionStage<Boolean> remembers(Collection<String> names, Map<String, Long> seen) {
        CompletionStage<Boolean> all = remembers(Rooms.EVERYONE, seen);
        for (String room : names) {
            all = all.thenCombine(remembers(room, seen), Boolean::logicalAnd);
        }
        return all;
    }

    private CompletionStage<Boolean> remembers(String room, Map<String, Long> seen) {
        return rooms.missed(room, seen).thenApply(read -> read.events() != null);
    }

    /**
     * What somebody who is no member has missed of a room.
     *
     * @param since the numbers that it has seen, by epoch
     * @param reader what was published to all but a client of this user is left out
     */
    public CompletionStage<Broker.HistoryRead> read(String room, Map<String, Long> since, Identity reader) {
        return rooms.missed(room, since).thenApply(read -> Exclusion.visible(read, reader));
    }

    /** Restores the membership of a client that returns, from where it was. */
    public CompletionStage<Void> rejoin(LocalClient client, String room, Member former, Map<String, Long> seen) {
        Member member = new Member(client.id(), former.nick(), former.data());
        boolean aware = rooms.permissions(room).mayStillSeeMembers(client);
        return rooms.join(room, Join.again(client, member, aware, seen));
    }

    private void supersede(LocalClient client) {
        Close close = new Close(CloseCode.GOING_AWAY, "You have connected again");
        lifecycle.disconnected(client, close); // waits for another thread that is just doing that
        closers.execute(() -> client.connection().close(close.code(), close.reason()));
    }
}
