package dev.hubbub.socketio;

import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.Session;
import dev.hubbub.protocol.Positions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * The session that a client of a namespace continues when it reconnects.
 *
 * @param reached the positions that the client has reached, by epoch
 */
record FormerSession(Session session, Map<String, Long> reached) {
    /**
     * Takes the session that {@code pid} and {@code offset} in {@code auth} name. May block.
     *
     * @return completes with null if the client is new, or some of the events that it missed are unavailable
     */
    static CompletionStage<FormerSession> take(LocalHub hub, Data auth, Identity identity) {
        String pid = NamespaceConnection.string(auth, "pid");
        return pid == null
                ? CompletableFuture.completedFuture(null)
                : hub.recovery()
                        .takeAnywhere(pid, identity.name())
                        .thenCompose(former ->
                                former == null ? CompletableFuture.completedFuture(null) : complete(hub, former, auth));
    }

    private static CompletionStage<FormerSession> complete(LocalHub hub, Session former, Data auth) {
        Map<String, Long> reached = new HashMap<>(former.positions());
        Positions.parse(NamespaceConnection.string(auth, "offset"))
                .forEach((epoch, number) -> reached.computeIfPresent(epoch, (key, initial) -> number));
        return hub.recovery()
                .remembers(former.rooms().keySet(), reached)
                .exceptionally(unavailable -> false)
                .thenApply(all -> all ? new FormerSession(former, reached) : null);
    }

    private Stream<String> rooms() {
        return session.rooms().keySet().stream();
    }

    /** Whether the policy of one of its rooms may block this thread, and must not. */
    boolean policyMayBlock(LocalHub hub) {
        return rooms().anyMatch(hub::policyMayBlock);
    }

    /** Asks the policies of the rooms whether the client may be in them. */
    boolean mayBeRestored(LocalHub hub, LocalClient client) {
        return rooms().allMatch(room -> hub.permissions(room).mayStay(client));
    }

    /** Joins the rooms again. @return fails if one of them could not be joined */
    CompletionStage<Void> restoreRooms(LocalHub hub, LocalClient client) {
        return CompletableFuture.allOf(session.rooms().entrySet().stream()
                .map(room -> {
                    try {
                        return hub.recovery()
                                .rejoin(client, room.getKey(), room.getValue(), reached)
                                .toCompletableFuture();
                    } catch (EventException disconnected) {
                        return CompletableFuture.<Void>failedFuture(disconnected);
                    }
                })
                .toArray(CompletableFuture[]::new));
    }
}
