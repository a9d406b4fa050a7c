package dev.hubbub.history;

import java.util.concurrent.CompletionStage;

/** Publishes an event that an application has written into hubbub_outbox. */
@FunctionalInterface
public interface OutboxPublisher {
    /**
     * @param room its name, or its namespace, a line feed and its name
     * @param json the data; null for none
     * @param key the idempotency key
     * @throws RuntimeException if the event is invalid; an EventException with {@code unavailable} if it is to be tried again
     */
    CompletionStage<?> publish(String room, String name, String json, String key);
}
