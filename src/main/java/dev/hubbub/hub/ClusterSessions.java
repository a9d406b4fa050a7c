package dev.hubbub.hub;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

    /**
     * Keeps what a connected client needs to return to any node by the secret of its transport, which stays the same. Does not
     * block.
     *
     * @param state asked for it, soon and from time to time, by a thread that may block
     */
    void keep(String id, String secret, Supplier<Session> state);

    /** A client whose session is kept is lost, and may return for a time. Must be called before {@link #ended}. */
    void lost(Session session, Duration life);

    /** A client whose session was kept does not return. Must be called before {@link #ended}. */
    void forget(String id, String secret);

    /**
     * A session that was kept.
     *
     * @param here whether this node has kept it, and so knows it better
     * @param generation counts the returns of the client
     */
    record Kept(Session session, boolean here, int generation) {}

    /**
     * Takes a kept session, which nobody can take again, and the client from the node on which it was. {@link #returned} must
     * be called when nothing is left of the client on this node.
     *
     * @return completes, by a thread that may block, with null if there is none, it is another user's, or the cluster cannot be
     *     reached
     */
    CompletionStage<Kept> takeKept(String id, String secret, String user);

    /** A client whose session was kept returns to this node. */
    void returned(Kept kept);

    /** Told of the ids of clients that have been taken over by another node. */
    void onReleased(Consumer<String> listener);
}
