package dev.hubbub.history;

import dev.hubbub.hub.Broker;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the {@link EventStore} writes, in the order in which it was added. It may be written several times, until a transaction has
 * been committed.
 *
 * @param <T> the result
 */
abstract class WriteTask<T> {
    final long createdAt = System.nanoTime();
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private T value;

    final CompletionStage<T> result() {
        return result;
    }

    /** Writes it. @return the result, if the transaction is committed */
    abstract T run(WriteContext context) throws SQLException;

    /** Bytes in memory. */
    long bytes() {
        return 0;
    }

    /** Whether nobody needs it any more when it has waited for too long. */
    boolean expires() {
        return true;
    }

    /** Whether it is written in a transaction of its own. */
    boolean isAlone() {
        return false;
    }

    /** Adds the event that is being stored, if it is one of this room. */
    void addPending(String room, List<Broker.StoredEvent> pending) {}

    final void write(WriteContext context) throws SQLException {
        value = run(context);
    }

    final void succeed() {
        result.complete(value);
    }

    final void fail(Exception failure) {
        result.completeExceptionally(failure);
    }
}
