package dev.hubbub.hub;

import dev.hubbub.access.Limits;
import dev.hubbub.access.RoomRules;
import java.time.Duration;

/** A hub for a test, which says what it wants otherwise than it is here. */
public final class TestHub {
    private int outboxEvents = 10_000;
    private Duration outboxAge = Duration.ofSeconds(15);
    private Duration heartbeat = Duration.ofSeconds(25);
    private Duration patience = Duration.ofSeconds(20);
    private int logEvents = 10_000;
    private Duration logAge = Duration.ofMinutes(2);
    private RoomRules rooms = RoomRules.none(true);
    private Limits limits = Limits.NONE;
    private PresenceRules presence = PresenceRules.parse("", 200);
    private Duration grace = Duration.ofSeconds(5);
    private int writers = 2;

    public TestHub outbox(int events, Duration age) {
        outboxEvents = events;
        outboxAge = age;
        return this;
    }

    public TestHub heartbeat(Duration interval, Duration answered) {
        heartbeat = interval;
        patience = answered;
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

    public TestHub grace(Duration awaited) {
        grace = awaited;
        return this;
    }

    public TestHub rooms(String policies, boolean open) {
        rooms = RoomRules.parse(policies, open);
        return this;
    }

    public TestHub limits(Limits most) {
        limits = most;
        return this;
    }

    public TestHub writers(int threads) {
        writers = threads;
        return this;
    }

    public LocalHub start() {
        return new LocalHub(new LocalHub.Config(
                65_536,
                outboxEvents,
                1 << 20,
                outboxAge,
                heartbeat,
                patience,
                logEvents,
                logAge,
                presence,
                grace,
                rooms,
                limits,
                Duration.ofMinutes(1),
                new LocalHub.Threads(Thread::new, writers, null)));
    }
}
