package dev.hubbub.hub;

import dev.hubbub.Handshake;
import dev.hubbub.access.Limits;
import dev.hubbub.access.RoomRules;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;

/** Builds a hub for a test; a test sets only what differs from the defaults here. */
public final class TestHub {
    private int outboxEvents = 10_000;
    private long outboxBytes = 1 << 20;
    private Duration outboxAge = Duration.ofSeconds(15);
    private Duration heartbeat = Duration.ofSeconds(25);
    private Duration heartbeatTimeout = Duration.ofSeconds(20);
    private int logEvents = 10_000;
    private Duration logAge = Duration.ofMinutes(2);
    private RoomRules rooms = RoomRules.none(true);
    private Limits limits = Limits.NONE;
    private PresenceRules presence = PresenceRules.parse("", 200);
    private Duration grace = Duration.ofSeconds(5);
    private int writers = 2;
    private Executor application;
    private History history;
    private boolean measured = true;

    /** Adds a client that does not want to return; its first frame is {@code connected}. */
    public static LocalClient connect(LocalHub hub, Connection connection, Handshake handshake) {
        return connect(hub, connection, handshake, hub.newId(), null);
    }

    /** Adds a client that may return, or does. */
    public static LocalClient connect(
            LocalHub hub, Connection connection, Handshake handshake, String id, Map<String, Long> seen) {
        LocalClient client = hub.prepare(connection, handshake, id);
        hub.admit(client, seen);
        return client;
    }

    public TestHub outbox(int events, Duration age) {
        outboxEvents = events;
        outboxAge = age;
        return this;
    }

    public TestHub heartbeat(Duration interval, Duration timeout) {
        heartbeat = interval;
        heartbeatTimeout = timeout;
        return this;
    }

    public TestHub log(int events, Duration age) {
        logEvents = events;
        logAge = age;
        return this;
    }

    public TestHub presence(String rules, int limit) {
        presence = PresenceRules.parse(rules, limit);
        return this;
    }

    public TestHub grace(Duration period) {
        grace = period;
        return this;
    }

    public TestHub rooms(String policies, boolean open) {
        rooms = RoomRules.parse(policies, open);
        return this;
    }

    public TestHub rules(RoomRules rules) {
        rooms = rules;
        return this;
    }

    public TestHub limits(Limits values) {
        limits = values;
        return this;
    }

    public TestHub writers(int threads) {
        writers = threads;
        return this;
    }

    /** Runs application code on this executor; threads that deliver events must not block. */
    public TestHub application(Executor executor) {
        application = executor;
        return this;
    }

    public TestHub outboxBytes(long bytes) {
        outboxBytes = bytes;
        return this;
    }

    public TestHub history(History events) {
        history = events;
        return this;
    }

    /** Without this, deliveries are measured. */
    public TestHub unmeasured() {
        measured = false;
        return this;
    }

    public LocalHub start() {
        return start(null);
    }

    /** @param cluster null for a hub that has its rooms to itself */
    public LocalHub start(Cluster cluster) {
        HubConfig config = new HubConfig(
                65_536,
                outboxEvents,
                outboxBytes,
                outboxAge,
                heartbeat,
                heartbeatTimeout,
                logEvents,
                logAge,
                presence,
                grace,
                rooms,
                limits,
                Duration.ofMinutes(1),
                measured,
                new HubConfig.Threads(Thread::new, writers, application, application == null));
        return new LocalHub(config, history, cluster);
    }
}
