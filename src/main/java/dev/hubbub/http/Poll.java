package dev.hubbub.http;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One request that waits for events. */
final class Poll {
    private final Output output;
    private boolean answered;

    Poll(AsyncContext async, PollConnection connection) throws IOException {
        output = new Output(async, () -> connection.giveUp(this), () -> connection.lost(this));
    }

    /** Further answers go nowhere. */
    void answer(String events) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
        }
        output.answer(events.getBytes(StandardCharsets.UTF_8));
    }
}
