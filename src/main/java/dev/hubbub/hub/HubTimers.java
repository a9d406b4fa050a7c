package dev.hubbub.hub;

import dev.hubbub.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The timers of one namespace that belong to no client and no room. */
final class HubTimers {
    private final HubServices services;
    private final Timers everywhere;
    private final Map<String, Timers> onOneNode = new ConcurrentHashMap<>();
    private volatile Leases leases = Leases.ALONE;

    HubTimers(HubServices services) {
        this.services = services;
        everywhere = timers(() -> Leases.HERE);
    }

    private Timers timers(Supplier<Leases.Lease> lease) {
        return new Timers("the hub", services.scheduler(), services.application()::execute, lease);
    }

    void setLeases(Leases shared) {
        leases = shared;
    }

    Timer every(Duration interval, Runnable task) {
        return everywhere.every(null, interval, task);
    }

    Timer everyOnOneNode(String name, Duration interval, Runnable task) {
        return onOneNode
                .computeIfAbsent(name, key -> timers(() -> leases.compete("timer " + name)))
                .every(name, interval, task);
    }

    void end() {
        everywhere.end();
        onOneNode.values().forEach(Timers::end);
    }
}
