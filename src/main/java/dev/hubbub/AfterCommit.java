package dev.hubbub;

import java.util.concurrent.CompletionStage;

/**
 * Sends events when the current transaction has committed, and never when it is rolled back; see {@link Hub#afterCommit()}.
 *
 * <pre>{@code
 * @Transactional
 * public void order(Order order) {
 *     entities.persist(order);
 *     hub.afterCommit().room("orders").emit("order", order);
 *     hub.afterCommit().user(order.customer()).emit("ordered", order.id());
 * }
 * }</pre>
 *
 * <p>The data is encoded when a method is called, because lazy entities are closed after the commit. The events of a transaction
 * are sent in the order of the calls, by the thread that commits. Without a transaction, they are sent at once. Only transactions
 * of Jakarta Transactions (JTA) are seen, on servers that have them; those of a plain JDBC connection or of Spring are not.
 */
public interface AfterCommit {
    /** The members of a room. */
    Publisher room(String name);

    /** The members of several rooms, see {@link Hub#rooms}. */
    Audience rooms(String... names);

    /** A client by its id, see {@link Hub#remote}; nothing is sent if it is not connected. */
    Audience client(String id);

    /** All clients of an authenticated user, see {@link Hub#user}. */
    Audience user(String name);

    /** A room to which events are published after the commit. */
    interface Publisher extends Audience {
        /**
         * Publishes an event.
         *
         * @return completes with the event's position after the commit; fails with an {@link EventException} of code {@code
         *     rolled-back} if the transaction is rolled back
         */
        CompletionStage<Position> publish(String name, Object data);
    }
}
