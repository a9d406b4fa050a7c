package dev.hubbub;

/**
 * A task that is repeated until it is cancelled, or until what it belongs to has ended: a {@link Client}, a {@link Room} or the
 * {@link Hub}.
 *
 * <pre>{@code
 * Timer countdown = room.every("countdown", Duration.ofSeconds(1), () -> room.emit("left", seconds.decrementAndGet()));
 * ...
 * countdown.cancel();
 * }</pre>
 *
 * <p>The task runs for the first time after one interval, on the application executor, and may block. Its runs do not overlap: if
 * one takes longer than the interval, the next ones are left out. If it throws an exception, the exception is logged (once until
 * the task succeeds again), and the timer continues.
 */
public interface Timer {
    /** Ends the timer. A run that has begun continues. */
    void cancel();

    /** Whether the timer runs the task no more: it was cancelled, or what it belongs to has ended. */
    boolean isCancelled();
}
