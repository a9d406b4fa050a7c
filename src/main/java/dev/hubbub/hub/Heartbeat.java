package dev.hubbub.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Pings clients, and finds those that do not answer or read too slowly. It looks at all clients from the scheduler's thread,
 * often enough that it is late by at most a tenth of the shorter time.
 */
final class Heartbeat {
    private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private final ClientRegistry clients;
    private final HeartbeatTimes times;
    private final Writers writers;
    private final BiConsumer<LocalClient, Liveness.Health> unhealthy;

    /** @param unhealthy told of clients that are to be closed; does not block */
    Heartbeat(
            ClientRegistry clients,
            HeartbeatTimes times,
            Writers writers,
            BiConsumer<LocalClient, Liveness.Health> unhealthy) {
        this.clients = clients;
        this.times = times;
        this.writers = writers;
        this.unhealthy = unhealthy;
    }

    void start(Scheduler scheduler) {
        long tick = Math.max(Math.min(times.interval(), times.patience()) / 10, SHORTEST_TICK);
        scheduler.repeat("heartbeat", Duration.ofNanos(tick), this::check);
    }

    private void check() {
        List<Outbox> toWrite = new ArrayList<>();
        long now = System.nanoTime();
        for (LocalClient client : clients.all()) {
            Liveness.Health health = client.checkHeartbeat(now, times, toWrite);
            if (health != Liveness.Health.GOOD) {
                unhealthy.accept(client, health);
            }
        }
        writers.handOver(toWrite);
    }
}
