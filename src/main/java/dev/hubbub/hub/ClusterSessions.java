package dev.hubbub.hub;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The sessions of the clients of one namespace on all nodes. A client proves by its secret that it is the one with an id. Each
 * return makes another secret, and the former one is void.
 */
public interface ClusterSessions {
    /**
     * The secret of a client that is connected to this node: of a new one, or of one that has just been taken.
     *
     * @param user the name under which it was authenticated when it connected; null if it was anonymous
     */
    String secret(String id, String user);

    /**
     * Takes over a client from the node on which it was, which is told if it is another one.
     *
     * @return completes with false if it is not that client, or it has returned already; with null if the cluster does not know it
     *     or cannot be reached
     */
    CompletionStage<Boolean> take(String id, String secret, String user);

    /** A client is connected to this node, where the other nodes find it from now on. */
    void admitted(String id);

    /** A client has returned to this node: {@link #secret} gives it the next secret. */
    void retake(String id, String secret);

    /** A client is not connected to this node any more. */
    void ended(String id, boolean mayReturn);

    /** Told of the ids of clients that have been taken over by another node. */
    void onReleased(Consumer<String> listener);
}
