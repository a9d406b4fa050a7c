package dev.hubbub.hub;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends one thing after another to one connection, and never two at once. A send that completes at once is followed by the
 * next in the same loop; one that completes later is followed up by the thread that completes it. So completion handlers
 * that run inline do not recurse (WildFly and Payara overflow their stack after a few hundred).
 *
 * <p>Whoever calls {@link #run} has made sure that nobody else runs it.
 */
public abstract class SendLoop implements Runnable, Connection.Sent {
    private static final int STARTING = 0;
    private static final int IN_FLIGHT = 1;
    private static final int DONE = 2;

    /** How far the current send is; decides whether the loop or the completing thread goes on. */
    private final AtomicInteger step = new AtomicInteger();

    private volatile Throwable failure;

    /** Begins the next send, which ends with {@link #sent}. False, and the loop ends, if there is nothing to send. */
    protected abstract boolean sendNext();

    /**
     * After each send.
     *
     * @param problem null if it went well
     * @return whether to send on
     */
    protected abstract boolean goesOn(Throwable problem);

    /** Sends until there is nothing to send or a send is under way. */
    @Override
    public final void run() {
        do {
            step.set(STARTING);
            try {
                if (!sendNext()) {
                    return;
                }
            } catch (RuntimeException e) {
                // Tomcat throws instead of calling the handler when a send overlaps or the socket is gone (bug 63114).
                sent(e);
            }
        } while (!step.compareAndSet(STARTING, IN_FLIGHT) && goesOn(failure));
    }

    @Override
    public final void sent(Throwable problem) {
        if (problem != null) {
            failure = problem;
        }
        boolean late = !step.compareAndSet(STARTING, DONE) && step.compareAndSet(IN_FLIGHT, DONE);
        if (late && goesOn(failure)) {
            run();
        }
    }

    /** Whether a send has been begun and not yet been completed. */
    final boolean isSending() {
        return step.get() == IN_FLIGHT;
    }
}
