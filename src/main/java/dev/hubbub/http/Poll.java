package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.hub.Forwarding;
import dev.hubbub.hub.HubServices;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;

/** One polling request that waits for events. */
final class Poll {
    private final Responder output;
    private final PollConnection connection;
    private volatile Future<?> timeout;
    private boolean responded;

    Poll(AsyncContext async, PollConnection connection) throws IOException {
        this.connection = connection;
        output = new Output(async, this::ended);
    }

    /** A request that has reached another node. */
    Poll(Forwarding.Reply reply, PollConnection connection) {
        this.connection = connection;
        output = new RemoteResponse(reply, this::ended);
    }

    /**
     * Responds without events after this time. The hub's scheduler measures it, because Jetty (12.0.29) loses the time-out of a
     * request if it passes before the task of its timer has been recorded.
     */
    void timeOutAfter(Duration wait, HubServices services) {
        if (wait.isZero()) {
            connection.timedOut(this);
            return;
        }
        timeout = services.scheduler()
                .schedule(
                        "poll time-out",
                        wait,
                        () -> services.writers().execute("poll time-out", () -> connection.timedOut(this)));
        if (hasResponded()) {
            cancelTimeout();
        }
    }

    /** Rejects the request. */
    void reject(EventException error) {
        if (startResponse()) {
            output.respond(Responses.status(error), Responses.errorBody(error), null);
        }
    }

    /** Responds with the events, a JSON array. Further responses are ignored. */
    void respond(String events) {
        if (startResponse()) {
            output.respond(HttpServletResponse.SC_OK, events.getBytes(StandardCharsets.UTF_8), null);
        }
    }

    /** @return false if a response was started before */
    private boolean startResponse() {
        synchronized (this) {
            if (responded) {
                return false;
            }
            responded = true;
        }
        cancelTimeout();
        return true;
    }

    private synchronized boolean hasResponded() {
        return responded;
    }

    private void ended() {
        cancelTimeout();
        connection.ended(this);
    }

    private void cancelTimeout() {
        Future<?> timer = timeout;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
