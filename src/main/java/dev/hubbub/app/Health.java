package dev.hubbub.app;

import dev.hubbub.hub.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What {@code /health/live} and {@code /health/ready} report: named checks, as MicroProfile Health 4.0 shows them. Parts of
 * Hubbub add checks of their own.
 */
public final class Health {
    /** A timer that is this late will not become better by itself: heartbeats and time-outs do not work. */
    private static final Duration LATEST_TIMER = Duration.ofSeconds(60);

    private final List<Supplier<Check>> live = new CopyOnWriteArrayList<>();
    private final List<Supplier<Check>> ready = new CopyOnWriteArrayList<>();

    /**
     * The result of a check.
     *
     * @param data details for the reader, which may be shown to anybody
     */
    public record Check(String name, boolean up, Map<String, Object> data) {}

    Health(Hubbub hubbub) {
        live.add(() -> {
            Duration lag = hubbub.hub().services().scheduler().lag();
            return new Check("timer", lag.compareTo(LATEST_TIMER) < 0, Map.of("lagMillis", lag.toMillis()));
        });
        ready.add(() -> new Check("admission", !hubbub.admission().isClosed(), Map.of()));
        ready.add(() -> {
            int connections = hubbub.hub().connections().connections();
            int limit = hubbub.settings().limits().connections();
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("open", connections);
            data.put("limit", limit);
            return new Check("connections", connections < limit, data);
        });
        hubbub.hub()
                .cluster()
                .ifPresent(cluster -> ready.add(() -> {
                    Cluster.Status status = cluster.status();
                    boolean up =
                            status.available() || !hubbub.settings().cluster().readiness();
                    return new Check("cluster", up, Map.of("available", status.available(), "nodes", status.nodes()));
                }));
        EventHistory history = hubbub.history();
        if (history.isOn()) {
            // Without the database, the other rooms work, and another node would not have it either.
            ready.add(() -> new Check(
                    "history", true, Map.of("available", history.failure() == null, "waiting", history.waiting())));
        }
    }

    /** Adds a check of whether Hubbub should be sent new clients. It must not block. */
    public void addReadiness(Supplier<Check> check) {
        ready.add(check);
    }

    /** Whether Hubbub works at all, or should be restarted. */
    public List<Check> live() {
        return run(live);
    }

    /** Whether Hubbub should be sent new clients. */
    public List<Check> ready() {
        return run(ready);
    }

    private static List<Check> run(List<Supplier<Check>> checks) {
        List<Check> results = new ArrayList<>();
        checks.forEach(check -> results.add(check.get()));
        return results;
    }
}
