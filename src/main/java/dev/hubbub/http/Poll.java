package dev.hubbub.http;

import dev.hubbub.hub.LocalHub;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;

/** One request that waits for events. */
final class Poll {
    private final Output output;
    private final PollConnection connection;
    private volatile Future<?> alarm;
    private boolean answered;

    Poll(AsyncContext async, PollConnection connection) throws IOException {
        this.connection = connection;
        output = new Output(async, this::ended);
    }

    /**
     * Answers without events when it has waited for so long. By the hub's timer: Jetty (12.0.29) forgets the time-out of a
     * request if it is up before the timer's task is noted down.
     */
    void giveUpAfter(Duration wait, LocalHub hub) {
        if (wait.isZero()) {
            connection.giveUp(this);
            return;
        }
        alarm = hub.after(wait, () -> hub.doAside(() -> connection.giveUp(this)));
        if (isAnswered()) {
            cancelAlarm();
        }
    }

    /** Further answers go nowhere. */
    void answer(String events) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
        }
        cancelAlarm();
        output.answer(events.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized boolean isAnswered() {
        return answered;
    }

    private void ended() {
        cancelAlarm();
        connection.lost(this);
    }

    private void cancelAlarm() {
        Future<?> set = alarm;
        if (set != null) {
            set.cancel(false);
        }
    }
}
