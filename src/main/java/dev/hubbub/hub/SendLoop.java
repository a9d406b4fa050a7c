package dev.hubbub.hub;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends one thing after another to one connection, never two at once. A send that completes at once is followed by the next in
 * the same loop; one that completes later is followed up by the thread that completes it. So completion handlers that run
 * inline do not recurse (the stack overflows on WildFly and Payara after a few hundred).
 *
 * <p>Whoever calls {@link #run} makes sure that nobody else is running it.
 */
public abstract class SendLoop implements Runnable, Connection.Sent {
    private static final int STARTING = 0;
    private static final int IN_FLIGHT = 1;
    private static final int DONE = 2;

    /** The state of the current send; it decides whether the loop or the completing thread continues. */
    private final AtomicInteger state = new AtomicInteger();

    private volatile Throwable failure;

    /** Starts the next send, whose end {@link #sent} is told. Returns false, and the loop ends, if there is nothing to send. */
    protected abstract boolean sendNext();

    /**
     * Called after each send.
     *
     * @param problem null if the send succeeded
     * @return whether to continue
     */
    protected abstract boolean continues(Throwable problem);

    /** Called when a send has completed after {@link #run} had returned, before {@link #continues}. */
    protected void completedLate() {}

    /** Sends until there is nothing to send or a send is in flight. */
    @Override
    public final void run() {
        do {
            state.set(STARTING);
            try {
                if (!sendNext()) {
                    return;
                }
            } catch (RuntimeException e) {
                // Tomcat throws instead of calling the handler when a send overlaps or the socket is gone (bug 63114).
                sent(e);
            }
        } while (!state.compareAndSet(STARTING, IN_FLIGHT) && continues(failure));
    }

    @Override
    public final void sent(Throwable problem) {
        if (problem != null) {
            failure = problem;
        }
        boolean late = !state.compareAndSet(STARTING, DONE) && state.compareAndSet(IN_FLIGHT, DONE);
        if (late) {
            completedLate();
            if (continues(failure)) {
                run();
            }
        }
    }

    /** Whether a send has been started and has not completed. */
    final boolean isSending() {
        return state.get() == IN_FLIGHT;
    }
}
