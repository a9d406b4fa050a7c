package dev.hubbub.management;

import dev.hubbub.Client;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.NamespaceRuntime;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Hubbub in the JVM's MBean server; nothing goes wrong with the rest of it if it cannot be there. */
public final class Management implements HubbubMXBean, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final long DELETION_SECONDS = 60;

    private final Hubbub hubbub;
    private final ThreadFactory threads;
    private final long startedAt = System.nanoTime();
    private ObjectName name;

    private Management(Hubbub hubbub, ThreadFactory threads) {
        this.hubbub = hubbub;
        this.threads = threads;
    }

    /**
     * Makes Hubbub seen.
     *
     * @param context the path of the web application, "" for the root
     * @param threads makes the thread that drains
     */
    public static Management of(Hubbub hubbub, String context, ThreadFactory threads) {
        Management management = new Management(hubbub, threads);
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String path = ObjectName.quote(context.isEmpty() ? "/" : context);
        // The same context may be there twice: of two virtual hosts, or of two versions of one application.
        for (int instance = 1; management.name == null; instance++) {
            try {
                ObjectName name = new ObjectName(
                        "dev.hubbub:type=Hubbub,context=" + path + (instance == 1 ? "" : ",instance=" + instance));
                server.registerMBean(management, name);
                management.name = name;
            } catch (InstanceAlreadyExistsException taken) {
                continue;
            } catch (JMException | SecurityException e) {
                LOG.log(System.Logger.Level.WARNING, "Hubbub cannot be seen by JMX", e);
                break;
            }
        }
        return management;
    }

    @Override
    public void close() {
        if (name != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException e) {
                LOG.log(System.Logger.Level.WARNING, "Hubbub was not seen by JMX any more", e);
            }
        }
    }

    @Override
    public String getStatus() {
        return hubbub.admission().isClosed() ? "draining" : "up";
    }

    @Override
    public long getUptime() {
        return (System.nanoTime() - startedAt) / 1_000_000;
    }

    @Override
    public int getClients() {
        return (int) hubbub.metrics().total("hubbub_clients");
    }

    @Override
    public int getRooms() {
        return (int) hubbub.metrics().total("hubbub_rooms");
    }

    @Override
    public long getWaitingEvents() {
        return hubbub.metrics().total("hubbub_outbox_events");
    }

    @Override
    public long getDroppedEvents() {
        return hubbub.metrics().total("hubbub_events_dropped_total");
    }

    @Override
    public long getReplacedEvents() {
        return hubbub.metrics().total("hubbub_events_replaced_total");
    }

    @Override
    public long getClosedAsTooSlow() {
        return hubbub.metrics().total("hubbub_clients_too_slow_total");
    }

    @Override
    public long getRefusedEvents() {
        return hubbub.metrics().total("hubbub_events_rejected_total");
    }

    @Override
    public long getRateLimitedEvents() {
        return hubbub.metrics().total("hubbub_events_rate_limited_total");
    }

    @Override
    public Map<String, Long> getRefusedConnections() {
        return hubbub.metrics().values("hubbub_connections_rejected_total");
    }

    @Override
    public Map<String, Long> getHandledEvents() {
        return hubbub.metrics().values("hubbub_events_handled_total");
    }

    @Override
    public Map<String, Long> getQueuedTasks() {
        return hubbub.metrics().values("hubbub_tasks_queued");
    }

    @Override
    public Map<String, String> getSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        hubbub.settings().values().toString().lines().forEach(line -> {
            String[] parts = line.split(" = ", 2);
            settings.put(parts[0], parts[1]);
        });
        return settings;
    }

    @Override
    public Map<String, Integer> largestRooms(int most) {
        Map<String, Integer> rooms = new HashMap<>();
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            for (String room : namespace.hub().roomNames()) {
                rooms.put(namespace.prefix() + room, namespace.hub().room(room).size());
            }
        }
        return first(rooms, most);
    }

    @Override
    public Map<String, Integer> slowestClients(int most) {
        Map<String, Integer> clients = new HashMap<>();
        hubbub.namespaces()
                .forEach(namespace ->
                        namespace.hub().clients().forEach(client -> clients.put(client.toString(), client.waiting())));
        return first(clients, most);
    }

    private static Map<String, Integer> first(Map<String, Integer> all, int most) {
        Map<String, Integer> first = new LinkedHashMap<>();
        all.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(Math.max(0, most))
                .forEach(entry -> first.put(entry.getKey(), entry.getValue()));
        return first;
    }

    @Override
    public boolean closeClient(String id, String reason) {
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            Client client = namespace.hub().client(id).orElse(null);
            if (client != null) {
                client.close(1008, reason == null ? "" : reason);
                return true;
            }
        }
        return false;
    }

    private record Left(String room, String id) {}

    @Override
    public int clearRoom(String name) {
        Room room = hubbub.hub().room(name);
        int count = 0;
        for (var member : room.members()) {
            Client client = hubbub.hub().client(member.id()).orElse(null);
            if (client != null && room.leave(client)) {
                client.emit("left", new Left(name, client.id()));
                count++;
            }
        }
        return count;
    }

    private record Notice(String text) {}

    @Override
    public boolean deleteEvent(String room, String position) {
        Position parsed = Position.parse(position)
                .orElseThrow(() -> new IllegalArgumentException("A position is <epoch>.<number>, not " + position));
        return get(hubbub.hub().room(room).delete(parsed));
    }

    @Override
    public long deleteEventsOfRoom(String room) {
        return get(hubbub.hub().room(room).deleteAll());
    }

    @Override
    public long deleteEventsOfUser(String user) {
        return get(hubbub.hub().deleteEventsOf(user));
    }

    /** Consoles know no classes of ours: what goes wrong is told them by an exception of the JDK. */
    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(DELETION_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The deletion has failed or is not done yet: " + e.getMessage());
        }
    }

    @Override
    public void sendNotice(String text) {
        hubbub.namespaces().forEach(namespace -> namespace.hub().emit("notice", new Notice(text)));
    }

    @Override
    public void drain() {
        Thread thread = threads.newThread(hubbub::drain);
        thread.setName("hubbub-drain");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void reopen() {
        hubbub.reopen();
    }
}
