package dev.hubbub.app;

import dev.hubbub.Data;
import dev.hubbub.history.JdbcHistory;
import dev.hubbub.hub.History;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.LocalHub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Starts and stops the history, if {@code hubbub.history} is set; nothing of it is loaded otherwise. */
final class EventHistory {
    /** How long durable rooms wait for a database that does not answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration EXPIRY_INTERVAL = Duration.ofMillis(250);
    private static final Duration OUTBOX_INTERVAL = Duration.ofMillis(250);
    private static final Duration CLEANING_INTERVAL = Duration.ofHours(1);

    /** Null if there is none. */
    private final JdbcHistory jdbc;

    private EventHistory(JdbcHistory jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @throws IllegalArgumentException if there is no such database
     * @throws IllegalStateException if its tables are not as expected
     */
    static EventHistory start(Settings settings, ThreadFactory threads) {
        Settings.History history = settings.history();
        return new EventHistory(
                history.database().isEmpty()
                        ? null
                        : JdbcHistory.start(
                                new JdbcHistory.Config(
                                        history.database(),
                                        history.create(),
                                        history.rooms(),
                                        history.age(),
                                        history.events(),
                                        PATIENCE,
                                        settings.outboxBytes(),
                                        settings.cluster().url() != null),
                                threads));
    }

    /** Null if there is none. */
    History store() {
        return jdbc;
    }

    /** Why events cannot be stored at present; null if they can, or there is no history. */
    String failure() {
        return jdbc == null ? null : jdbc.failure();
    }

    /** Whether events are stored at all. */
    boolean isOn() {
        return jdbc != null;
    }

    /** Events that wait to be stored. */
    int waiting() {
        return jdbc == null ? 0 : jdbc.waiting();
    }

    void schedule(LocalHub hub) {
        if (jdbc == null) {
            return;
        }
        HubServices services = hub.services();
        jdbc.completeOn(services.application());
        services.scheduler().repeat("history expiry", EXPIRY_INTERVAL, jdbc::expire);
        Runnable relay = jdbc.outboxRelay((room, name, json, key) -> {
            int end = room.indexOf('\n');
            LocalHub namespace = end < 0 ? hub : hub.namespace(room.substring(0, end));
            return namespace
                    .room(room.substring(end + 1))
                    .publish(name, json == null ? Data.NULL : Data.parse(json), List.of(), key);
        });
        hub.everyOnOneNode("hubbub_outbox", OUTBOX_INTERVAL, relay);
        hub.everyOnOneNode("history retention", CLEANING_INTERVAL, jdbc::clean);
    }

    void close() {
        if (jdbc != null) {
            jdbc.close();
        }
    }
}
