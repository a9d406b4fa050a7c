package dev.hubbub.management;

import dev.hubbub.Client;
import dev.hubbub.Room;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.LocalHub;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToLongFunction;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Hubbub in the JVM's MBean server; nothing goes wrong with the rest of it if it cannot be there. */
public final class Management implements HubbubMXBean, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

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

    private long sum(ToLongFunction<LocalHub> count) {
        return hubbub.spaces().stream()
                .map(Hubbub.NamespaceRuntime::hub)
                .mapToLong(count)
                .sum();
    }

    @Override
    public int getClients() {
        return (int) sum(LocalHub::size);
    }

    @Override
    public int getRooms() {
        return (int) sum(hub -> hub.roomNames().size());
    }

    @Override
    public long getWaitingEvents() {
        return sum(
                hub -> hub.waiting().values().stream().mapToLong(count -> count).sum());
    }

    @Override
    public long getDroppedEvents() {
        return hubbub.hub().counters().dropped().sum();
    }

    @Override
    public long getReplacedEvents() {
        return hubbub.hub().counters().replaced().sum();
    }

    @Override
    public long getClosedAsTooSlow() {
        return hubbub.hub().counters().closedAsTooSlow().sum();
    }

    @Override
    public long getRefusedEvents() {
        return hubbub.hub().counters().refused().sum();
    }

    @Override
    public long getRateLimitedEvents() {
        return hubbub.hub().counters().rateLimited().sum();
    }

    @Override
    public Map<String, Long> getRefusedConnections() {
        ConnectionLimiter.Refused refused = hubbub.hub().census().refused();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("server", refused.server().sum());
        counts.put("address", refused.address().sum());
        counts.put("user", refused.user().sum());
        counts.put("handshakes", refused.handshakes().sum());
        counts.put("admissions", refused.admissions().sum());
        return counts;
    }

    @Override
    public Map<String, Long> getHandledEvents() {
        Map<String, Long> counts = new TreeMap<>();
        hubbub.spaces()
                .forEach(space -> space.dispatcher()
                        .handled()
                        .forEach((event, count) -> counts.merge(prefix(space) + event, count, Long::sum)));
        return counts;
    }

    private static String prefix(Hubbub.NamespaceRuntime space) {
        return space.name().equals("/") ? "" : space.name() + " ";
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
        for (Hubbub.NamespaceRuntime space : hubbub.spaces()) {
            for (String room : space.hub().roomNames()) {
                rooms.put(prefix(space) + room, space.hub().room(room).members().size());
            }
        }
        return first(rooms, most);
    }

    @Override
    public Map<String, Integer> slowestClients(int most) {
        Map<String, Integer> clients = new HashMap<>();
        hubbub.spaces()
                .forEach(space ->
                        space.hub().waiting().forEach((client, count) -> clients.put(client.toString(), count)));
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
        for (Hubbub.NamespaceRuntime space : hubbub.spaces()) {
            Client client = space.hub().client(id).orElse(null);
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
    public void sendNotice(String text) {
        hubbub.spaces().forEach(space -> space.hub().emit("notice", new Notice(text)));
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
