package dev.hubbub.servlet;

import dev.hubbub.hub.Transactions;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.function.Consumer;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Finds the transactions of the server (Jakarta Transactions), if it has any. */
final class TransactionLookup {
    /** Every server with Jakarta Transactions binds it (Jakarta EE Platform 10, section EE.5.13). */
    private static final String NAME = "java:comp/TransactionSynchronizationRegistry";

    private TransactionLookup() {}

    static Transactions ofThisServer() {
        try {
            return Jta.find();
        } catch (NamingException | ClassCastException | LinkageError noTransactions) {
            return Transactions.NONE;
        }
    }

    /** A separate class, so that no class of Jakarta Transactions is loaded where it is missing. */
    private record Jta(TransactionSynchronizationRegistry registry) implements Transactions {
        static Transactions find() throws NamingException {
            return new Jta(InitialContext.doLookup(NAME));
        }

        @Override
        public void whenEnded(Consumer<Boolean> outcome) {
            int status = registry.getTransactionStatus();
            if (status != Status.STATUS_ACTIVE && status != Status.STATUS_MARKED_ROLLBACK) {
                outcome.accept(status != Status.STATUS_ROLLEDBACK && status != Status.STATUS_ROLLING_BACK);
                return;
            }
            registry.registerInterposedSynchronization(new Synchronization() {
                @Override
                public void beforeCompletion() {}

                @Override
                public void afterCompletion(int end) {
                    outcome.accept(end == Status.STATUS_COMMITTED);
                }
            });
        }
    }
}
