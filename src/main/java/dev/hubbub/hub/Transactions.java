package dev.hubbub.hub;

import java.util.function.Consumer;

/** The transactions of the application. */
@FunctionalInterface
public interface Transactions {
    /** There are none: everything is committed at once. */
    Transactions NONE = outcome -> outcome.accept(true);

    /**
     * Calls back when the transaction of the calling thread has ended; at once if there is none.
     *
     * @param outcome told whether it has committed; does not throw
     */
    void whenEnded(Consumer<Boolean> outcome);
}
