package dev.hubbub.identity;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Runs what must not keep the verification of a token waiting. */
public interface BackgroundTasks extends Executor {
    /**
     * Runs a short task again and again, that does not block.
     *
     * @param what names it in the log
     */
    void repeat(String what, Duration interval, Runnable task);
}
