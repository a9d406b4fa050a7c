package dev.hubbub.management;

import dev.hubbub.Namespace;
import dev.hubbub.Position;
import dev.hubbub.access.Bans;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.NamespaceRuntime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
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
    private final Inspection inspection;
    private final Operations operations;
    private ObjectName name;

    private Management(Hubbub hubbub, ThreadFactory threads) {
        this.hubbub = hubbub;
        inspection = hubbub.transportState(Inspection.class, Inspection::new);
        operations = hubbub.transportState(Operations.class, created -> new Operations(created, threads));
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
                server.registerMBean(new DescribedMBean(management), name);
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
        return inspection.status();
    }

    @Override
    public long getUptime() {
        return inspection.uptime();
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
        return inspection.settings();
    }

    @Override
    public Map<String, Integer> largestRooms(int most) {
        Map<String, Integer> rooms = new LinkedHashMap<>();
        for (Inspection.RoomRow room : inspection.rooms(null, 0, page(most)).items()) {
            rooms.put(prefix(room.namespace()) + room.name(), room.members());
        }
        return rooms;
    }

    @Override
    public Map<String, Integer> slowestClients(int most) {
        Map<String, Integer> clients = new LinkedHashMap<>();
        for (Inspection.ClientRow client :
                inspection.clients(null, "waiting", 0, page(most)).items()) {
            clients.put(client.id() + " (" + client.address() + ")", client.waiting());
        }
        return clients;
    }

    private static int page(int most) {
        return Math.max(1, Math.min(most, Inspection.MAX_PAGE));
    }

    /** A namespace and a space; nothing for the main namespace. */
    private String prefix(String namespace) {
        return hubbub.namespace(namespace).prefix();
    }

    @Override
    public boolean closeClient(String id, String reason) {
        return operations.close(Operator.JMX, id, reason);
    }

    @Override
    public int banUser(String user, int minutes, String reason) {
        return operations.ban(Operator.JMX, Bans.Kind.USER, user, Duration.ofMinutes(minutes), reason);
    }

    @Override
    public int banAddress(String address, int minutes, String reason) {
        return operations.ban(Operator.JMX, Bans.Kind.ADDRESS, address, Duration.ofMinutes(minutes), reason);
    }

    @Override
    public boolean unban(String userOrAddress) {
        return operations.unban(Operator.JMX, Bans.Kind.USER, userOrAddress)
                | operations.unban(Operator.JMX, Bans.Kind.ADDRESS, userOrAddress);
    }

    @Override
    public Map<String, String> getBans() {
        Map<String, String> bans = new LinkedHashMap<>();
        operations.bans().forEach(ban -> bans.put(ban.value(), ban.until().toString()));
        return bans;
    }

    /** A name as {@link #largestRooms} returns it: the names of namespaces begin with a slash, those of rooms may as well. */
    @Override
    public int clearRoom(String room) {
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            if (!namespace.prefix().isEmpty() && room.startsWith(namespace.prefix())) {
                return operations.clearRoom(
                        Operator.JMX,
                        namespace.name(),
                        room.substring(namespace.prefix().length()));
            }
        }
        return operations.clearRoom(Operator.JMX, Namespace.MAIN, room);
    }

    @Override
    public boolean deleteEvent(String room, String position) {
        Position parsed = Position.parse(position)
                .orElseThrow(() -> new IllegalArgumentException("A position is <epoch>.<number>, not " + position));
        return get(operations.deleteEvent(Operator.JMX, room, parsed));
    }

    @Override
    public long deleteEventsOfRoom(String room) {
        return get(operations.deleteEventsOfRoom(Operator.JMX, room));
    }

    @Override
    public long deleteEventsOfUser(String user) {
        return get(operations.deleteEventsOfUser(Operator.JMX, user));
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
    public String changeSetting(String setting, String value) {
        return operations.changeSetting(Operator.JMX, setting, value).after();
    }

    @Override
    public void sendNotice(String text) {
        operations.notice(Operator.JMX, null, null, text);
    }

    @Override
    public void drain() {
        operations.drain(Operator.JMX);
    }

    @Override
    public void reopen() {
        operations.reopen(Operator.JMX);
    }
}
