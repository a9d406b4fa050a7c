package dev.hubbub.hub;

import dev.hubbub.ClientRef;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reaches the clients of one namespace that are not connected to this node. A single node has {@link #NONE}.
 *
 * <p>Contract: {@link #find} does not block and always returns a reference. Its stages fail with {@code disconnected} if the
 * client is on no node or its node is lost. The node that has the client carries out what it is asked with {@link
 * LocalHub#remote}, so both sides mean the same.
 */
@FunctionalInterface
public interface RemoteClients {
    /** No other nodes. */
    RemoteClients NONE = AbsentClient::new;

    ClientRef find(String id);

    /** Closes the clients of an authenticated user on all other nodes. */
    default CompletionStage<Void> closeUser(String user, int code, String reason) {
        return CompletableFuture.completedFuture(null);
    }
}
