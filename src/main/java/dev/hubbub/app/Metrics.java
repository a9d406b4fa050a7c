package dev.hubbub.app;

import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.hub.Counters;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.LocalHub;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The table of everything that Hubbub counts, over all namespaces. JMX and {@code /health} are made from it. Names follow
 * Prometheus's conventions: base units, and {@code _total} for counters.
 */
public final class Metrics {
    private final Hubbub hubbub;
    private final Map<String, Metric> table = new LinkedHashMap<>();

    /** What a value means. */
    public enum Type {
        /** A value that rises and falls. */
        GAUGE,
        /** A count since the start. */
        COUNTER
    }

    /**
     * A row of the table.
     *
     * @param label the name of the label that tells the values apart; null if there is only one value
     */
    public record Metric(String name, Type type, String help, String label, Values values) {
        /** @throws IllegalStateException if the metric has a label */
        long value() {
            if (label != null) {
                throw new IllegalStateException(name + " has several values");
            }
            return values.read().get("");
        }
    }

    /** Reads the values of a metric, by the value of its label. */
    @FunctionalInterface
    public interface Values {
        Map<String, Long> read();
    }

    Metrics(Hubbub hubbub) {
        this.hubbub = hubbub;
        LocalHub hub = hubbub.hub();
        Counters counters = hub.counters();
        HubServices services = hub.services();
        ConnectionLimiter.Rejections rejected = hub.connections().rejections();
        gauge("hubbub_clients", "Connected clients", () -> sum(LocalHub::size));
        gauge(
                "hubbub_rooms",
                "Rooms with members",
                () -> sum(each -> each.roomNames().size()));
        gauge("hubbub_outbox_events", "Events that wait in the outboxes of clients", () -> sum(Metrics::waiting));
        counter("hubbub_events_dropped_total", "Droppable events that found a full outbox", counters.dropped()::sum);
        counter(
                "hubbub_events_replaced_total",
                "Waiting events replaced by a newer one with the same key",
                counters.replaced()::sum);
        counter(
                "hubbub_clients_too_slow_total",
                "Clients closed with 1013 because they read too slowly",
                counters.closedAsTooSlow()::sum);
        counter("hubbub_events_rejected_total", "Events answered by an error", counters.rejected()::sum);
        counter(
                "hubbub_events_rate_limited_total",
                "Events rejected because their sender sent too many",
                counters.rateLimited()::sum);
        labelled("hubbub_connections_rejected_total", Type.COUNTER, "Connections rejected by a limit", "limit", () -> {
            Map<String, Long> by = new LinkedHashMap<>();
            by.put("server", rejected.server().sum());
            by.put("address", rejected.address().sum());
            by.put("user", rejected.user().sum());
            by.put("handshakes", rejected.handshakes().sum());
            by.put("admissions", rejected.admissions().sum());
            return by;
        });
        labelled("hubbub_events_handled_total", Type.COUNTER, "Events handled", "event", this::handled);
        labelled("hubbub_tasks_queued", Type.GAUGE, "Tasks that wait for a thread, or run", "executor", () -> {
            Map<String, Long> by = new LinkedHashMap<>();
            by.put("scheduler", (long) services.scheduler().size());
            by.put("writers", (long) services.writers().queued());
            by.put("closers", (long) services.closers().queued());
            by.put("application", (long) services.application().pending());
            return by;
        });
    }

    private void gauge(String name, String help, LongSupplier value) {
        labelled(name, Type.GAUGE, help, null, () -> Map.of("", value.getAsLong()));
    }

    private void counter(String name, String help, LongSupplier value) {
        labelled(name, Type.COUNTER, help, null, () -> Map.of("", value.getAsLong()));
    }

    private void labelled(String name, Type type, String help, String label, Values values) {
        table.put(name, new Metric(name, type, help, label, values));
    }

    private long sum(ToLongFunction<LocalHub> count) {
        return hubbub.namespaces().stream()
                .map(NamespaceRuntime::hub)
                .mapToLong(count)
                .sum();
    }

    private static long waiting(LocalHub hub) {
        return hub.waiting().values().stream().mapToLong(count -> count).sum();
    }

    private Map<String, Long> handled() {
        Map<String, Long> counts = new TreeMap<>();
        hubbub.namespaces()
                .forEach(namespace -> namespace
                        .dispatcher()
                        .handled()
                        .forEach((event, count) -> counts.merge(namespace.prefix() + event, count, Long::sum)));
        return counts;
    }

    /** All rows. */
    public List<Metric> all() {
        return new ArrayList<>(table.values());
    }

    /**
     * The value of a metric without a label.
     *
     * @throws NullPointerException if there is no such metric
     */
    public long value(String name) {
        return table.get(name).value();
    }

    /** The values of a metric by the value of its label. */
    public Map<String, Long> values(String name) {
        return table.get(name).values().read();
    }
}
