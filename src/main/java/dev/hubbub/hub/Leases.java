package dev.hubbub.hub;

import java.util.function.Consumer;

/**
 * Decides which node does what only one of several is to do, in one namespace. A single node does everything.
 *
 * <p>Contract: no method blocks. Of the nodes that compete for a lease, at most one holds it at a time, and if one of them lives,
 * one gets it within some seconds.
 */
public interface Leases {
    /** A lease that is always held. */
    Lease HERE = () -> true;

    /** There is only this node. */
    Leases ALONE = new Leases() {
        @Override
        public Lease compete(String name) {
            return HERE;
        }

        @Override
        public void whenEmpty(String room, Runnable task) {
            task.run();
        }
    };

    /** Takes part in the competition for a lease from now on. */
    Lease compete(String name);

    /**
     * The room has lost its last member on this node. Runs the task if it has none on another node either, on one of the nodes
     * that notice this at the same time. The task does not block.
     */
    void whenEmpty(String room, Runnable task);

    /**
     * Tells of rooms whose last members were on another node, which is gone.
     *
     * @param listener told the name of a room, on one of the nodes; must not block
     */
    default void onEmptied(Consumer<String> listener) {}

    /** A lease for which this node competes. */
    @FunctionalInterface
    interface Lease {
        /** Whether this node holds it now. Called often. */
        boolean isHeld();

        /** This node no longer needs it. */
        default void close() {}
    }
}
