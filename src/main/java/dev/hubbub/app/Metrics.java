package dev.hubbub.app;

import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.hub.Cluster;
import dev.hubbub.hub.Counters;
import dev.hubbub.hub.Durations;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The table of everything that Hubbub counts, over all namespaces. JMX, {@code /health} and {@code /metrics} are made from it.
 * Names follow Prometheus's conventions: base units, and {@code _total} for counters.
 */
public final class Metrics {
    private final Hubbub hubbub;
    private final Map<String, Metric> table = new LinkedHashMap<>();
    private final List<Histogram> histograms = new ArrayList<>();

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
     * @param label the name of the label that tells the values apart; null if there is only one value, whose key is ""
     */
    public record Metric(
            String name, Type type, String help, String label, Supplier<Map<String, ? extends Number>> values) {}

    /**
     * A row of the table whose values are durations, in seconds.
     *
     * @param label as in {@link Metric}
     */
    public record Histogram(String name, String help, String label, Supplier<Map<String, Durations>> values) {}

    Metrics(Hubbub hubbub) {
        this.hubbub = hubbub;
        LocalHub hub = hubbub.hub();
        Counters counters = hub.counters();
        HubServices services = hub.services();
        ConnectionLimiter.Rejections rejected = hub.connections().rejections();
        add("hubbub_clients", Type.GAUGE, "Connected clients", "transport", this::clients);
        add(
                "hubbub_connections_opened_total",
                Type.COUNTER,
                "Clients that have connected",
                "transport",
                counters.opened()::values);
        add(
                "hubbub_connections_closed_total",
                Type.COUNTER,
                "Clients that have disconnected",
                "code",
                counters.closed()::values);
        add("hubbub_connections_rejected_total", Type.COUNTER, "Connections rejected by a limit", "limit", () -> {
            Map<String, Long> by = new LinkedHashMap<>();
            by.put("server", rejected.server().sum());
            by.put("address", rejected.address().sum());
            by.put("user", rejected.user().sum());
            by.put("handshakes", rejected.handshakes().sum());
            by.put("admissions", rejected.admissions().sum());
            return by;
        });
        gauge(
                "hubbub_connections_limit",
                "The setting hubbub.max-connections",
                () -> hubbub.settings().limits().connections());
        gauge(
                "hubbub_rooms",
                "Rooms with members",
                () -> sum(each -> each.roomNames().size()));
        add("hubbub_events_handled_total", Type.COUNTER, "Events handled", "event", this::handled);
        add(
                "hubbub_events_rejected_total",
                Type.COUNTER,
                "Events answered by an error",
                "code",
                counters.rejected()::values);
        counter(
                "hubbub_events_rate_limited_total",
                "Events rejected because their sender sent too many",
                counters.rateLimited()::sum);
        counter("hubbub_frames_sent_total", "Frames handed to sockets", sent(counters.sentFrames()::sum, Sent.FRAMES));
        counter(
                "hubbub_bytes_sent_total",
                "Bytes handed to sockets, without the framing of the transport",
                sent(counters.sentBytes()::sum, Sent.BYTES));
        gauge(
                "hubbub_outbox_events",
                "Events that wait in the outboxes of clients",
                () -> sum(each -> sum(each, LocalClient::waiting)));
        counter("hubbub_events_dropped_total", "Droppable events that found a full outbox", counters.dropped()::sum);
        counter(
                "hubbub_events_replaced_total",
                "Waiting events replaced by a newer one with the same key",
                counters.replaced()::sum);
        counter(
                "hubbub_clients_too_slow_total",
                "Clients closed with 1013 because they read too slowly",
                counters.closedAsTooSlow()::sum);
        gauge("hubbub_log_bytes", "Bytes of the events that rooms remember in memory", hub::logBytes);
        gauge("hubbub_log_bytes_limit", "The most bytes of them", () -> LocalHub.LOG_MEMORY);
        gauge(
                "hubbub_hot_rooms",
                "Rooms with more deliveries per second than hubbub.hot-room",
                () -> load().hotRooms());
        gauge(
                "hubbub_clients_near_rate_limit",
                "Clients that send nearly as many events as hubbub.events-per-second allows, or more",
                () -> load().nearRateLimit());
        add("hubbub_tasks_queued", Type.GAUGE, "Tasks that wait for a thread, or run", "executor", () -> {
            Map<String, Long> by = new LinkedHashMap<>();
            by.put("scheduler", (long) services.scheduler().size());
            by.put("writers", (long) services.writers().queued());
            by.put("closers", (long) services.closers().queued());
            by.put("application", (long) services.application().pending());
            return by;
        });
        add(
                "hubbub_timer_lag_seconds",
                Type.GAUGE,
                "How late the timer of heartbeats and time-outs is",
                null,
                () -> Map.of("", services.scheduler().lag().toNanos() / 1e9));
        if (counters.deliveries() != null) {
            histograms.add(new Histogram(
                    "hubbub_delivery_seconds",
                    "Time from the publication of an event until it was handed to the socket of a client",
                    null,
                    () -> Map.of("", counters.deliveries())));
            histograms.add(new Histogram(
                    "hubbub_handler_seconds",
                    "Time that handlers took until they returned",
                    "event",
                    () -> byEvent(namespace -> namespace.dispatcher().durations())));
        }
        if (FileDescriptors.limit() > 0) {
            gauge("hubbub_file_descriptors", "File descriptors that this process has", FileDescriptors::open);
            gauge("hubbub_file_descriptors_limit", "The most that it may have", FileDescriptors::limit);
        }
        hub.cluster().ifPresent(this::addCluster);
        if (hubbub.history().isOn()) {
            addHistory(hubbub.history());
        }
    }

    private LoadWatch.Load load() {
        return hubbub.transportState(LoadWatch.class, LoadWatch::new).load();
    }

    private void addHistory(EventHistory history) {
        gauge("hubbub_history_available", "1 if events can be stored", () -> history.failure() == null ? 1 : 0);
        gauge("hubbub_history_waiting_events", "Events that wait for the database", history::waiting);
    }

    private void addCluster(Cluster cluster) {
        gauge(
                "hubbub_cluster_available",
                "1 if events can reach the other nodes",
                () -> cluster.status().available() ? 1 : 0);
        gauge("hubbub_cluster_nodes", "Nodes that live", () -> cluster.status().nodes());
        add(
                "hubbub_cluster_round_trip_seconds",
                Type.GAUGE,
                "Duration of the last exchange with Redis",
                null,
                () -> Map.of("", cluster.status().roundTripNanos() / 1e9));
        gauge(
                "hubbub_cluster_waiting_events",
                "Events that wait for Redis",
                () -> cluster.status().waiting());
        counter(
                "hubbub_cluster_gaps_total",
                "Times that missing events of a room were read",
                () -> cluster.status().gaps());
        counter(
                "hubbub_cluster_lost_total",
                "Times that missing events of a room were gone",
                () -> cluster.status().lost());
        counter(
                "hubbub_cluster_unavailable_total",
                "Events answered unavailable",
                () -> cluster.status().refused());
        counter(
                "hubbub_cluster_malformed_total",
                "Messages from Redis that were dropped",
                () -> cluster.status().malformed());
        counter(
                "hubbub_cluster_forwarded_total",
                "Requests handed to the node of their session",
                () -> cluster.status().forwarded());
    }

    private void gauge(String name, String help, LongSupplier value) {
        add(name, Type.GAUGE, help, null, () -> Map.of("", value.getAsLong()));
    }

    private void counter(String name, String help, LongSupplier value) {
        add(name, Type.COUNTER, help, null, () -> Map.of("", value.getAsLong()));
    }

    /**
     * Adds a row.
     *
     * @param label as in {@link Metric}
     * @param values called by each reader of the table; must not block
     */
    public synchronized void add(
            String name, Type type, String help, String label, Supplier<Map<String, ? extends Number>> values) {
        table.put(name, new Metric(name, type, help, label, values));
    }

    private enum Sent {
        FRAMES,
        BYTES
    }

    /** A client that disconnects is counted twice or not at all for a moment; a counter must not fall because of that. */
    private LongSupplier sent(LongSupplier byDisconnected, Sent unit) {
        AtomicLong highest = new AtomicLong();
        return () -> highest.accumulateAndGet(
                byDisconnected.getAsLong()
                        + sum(each -> sum(
                                each,
                                client -> unit == Sent.FRAMES
                                        ? client.sent().frames()
                                        : client.sent().bytes())),
                Math::max);
    }

    private long sum(ToLongFunction<LocalHub> count) {
        return hubbub.namespaces().stream()
                .map(NamespaceRuntime::hub)
                .mapToLong(count)
                .sum();
    }

    private static long sum(LocalHub hub, ToLongFunction<LocalClient> count) {
        return hub.clients().stream().mapToLong(count).sum();
    }

    private Map<String, Long> clients() {
        Map<String, Long> clients = new TreeMap<>();
        List.of("polling", "socketio", "sse", "websocket").forEach(transport -> clients.put(transport, 0L));
        hubbub.namespaces()
                .forEach(namespace -> namespace
                        .hub()
                        .clients()
                        .forEach(client -> clients.merge(client.connection().transport(), 1L, Long::sum)));
        return clients;
    }

    private Map<String, Long> handled() {
        return byEvent(namespace -> namespace.dispatcher().handled());
    }

    private <T> Map<String, T> byEvent(Function<NamespaceRuntime, Map<String, T>> values) {
        Map<String, T> all = new TreeMap<>();
        hubbub.namespaces()
                .forEach(namespace ->
                        values.apply(namespace).forEach((event, value) -> all.put(namespace.prefix() + event, value)));
        return all;
    }

    /** All rows but the histograms. */
    public synchronized List<Metric> all() {
        return new ArrayList<>(table.values());
    }

    /** All rows whose values are durations; none if they are not measured. */
    public List<Histogram> histograms() {
        return histograms;
    }

    /**
     * The sum of a metric's values.
     *
     * @throws NullPointerException if there is no such metric
     */
    public long total(String name) {
        return read(name).values().stream().mapToLong(Number::longValue).sum();
    }

    /** The values of a metric by the value of its label. */
    public Map<String, Long> values(String name) {
        Map<String, Long> values = new LinkedHashMap<>();
        read(name).forEach((label, value) -> values.put(label, value.longValue()));
        return values;
    }

    private synchronized Map<String, ? extends Number> read(String name) {
        return table.get(name).values().get();
    }
}
