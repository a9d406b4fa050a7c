package dev.hubbub.hub;

import java.util.concurrent.Future;
import java.util.function.Supplier;

/** What is to happen when the identity of one client expires. */
final class Expiry {
    // Guarded by this.
    private Future<?> next;
    private boolean ended;

    /**
     * Cancels what was to happen, and schedules what is to happen instead. What is scheduled may itself call this at once, on
     * another thread, and then comes after this call.
     *
     * @param scheduling schedules it; null for nothing
     */
    synchronized void set(Supplier<Future<?>> scheduling) {
        if (next != null) {
            next.cancel(false);
        }
        next = scheduling == null || ended ? null : scheduling.get();
    }

    /** The client has disconnected: nothing is to happen any more. */
    synchronized void end() {
        ended = true;
        set(null);
    }
}
