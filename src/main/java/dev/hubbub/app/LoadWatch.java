package dev.hubbub.app;

import dev.hubbub.access.RateLimiter;
import dev.hubbub.hub.ClientDescription;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds the rooms and the senders that cause most of the load, and warns of those that are near a limit. Only counters are read that
 * are counted anyway. Rooms and clients are those of this node.
 */
public final class LoadWatch {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final int MOST = 10;
    private static final double NEAR = 0.8;
    private static final long SILENCE = TimeUnit.MINUTES.toNanos(1);

    private final Hubbub hubbub;

    private volatile Load load = new Load(Map.of(), Map.of(), 0, 0);

    // Guarded by this.
    private Map<String, Long> published = Map.of();
    private Map<String, Long> received = Map.of();
    private long checkedAt;
    private long roomLoggedAt;
    private long clientLoggedAt;

    /**
     * What was found in the last seconds.
     *
     * @param rooms deliveries per second of the busiest rooms, without those of droppable events
     * @param senders events per second of the users, and of the addresses of anonymous clients, that send most
     * @param hotRooms rooms above {@code hubbub.hot-room}
     * @param nearRateLimit clients that send nearly as many events as {@code hubbub.events-per-second} allows
     */
    public record Load(Map<String, Long> rooms, Map<String, Long> senders, int hotRooms, int nearRateLimit) {}

    private record Rate(String name, long perSecond) {}

    public LoadWatch(Hubbub hubbub) {
        this(hubbub, System.nanoTime());
    }

    /** @param now nanoseconds, as the argument of {@link #check} */
    public LoadWatch(Hubbub hubbub, long now) {
        this.hubbub = hubbub;
        checkedAt = now;
        roomLoggedAt = now - SILENCE;
        clientLoggedAt = now - SILENCE;
    }

    public Load load() {
        return load;
    }

    /** Compares the counters with those of the last check. */
    public synchronized void check(long now) {
        double seconds = (now - checkedAt) / 1e9;
        checkedAt = now;
        List<Rate> rooms = new ArrayList<>();
        Map<String, Long> senders = new HashMap<>();
        int hot = checkRooms(seconds, now, rooms);
        int near = checkClients(seconds, now, senders);
        List<Rate> bySender = new ArrayList<>();
        senders.forEach((sender, events) -> bySender.add(new Rate(sender, Math.round(events / seconds))));
        load = new Load(greatest(rooms), greatest(bySender), hot, near);
    }

    private static Map<String, Long> greatest(List<Rate> rates) {
        rates.sort(Comparator.comparingLong(Rate::perSecond).reversed());
        Map<String, Long> greatest = new LinkedHashMap<>();
        rates.stream()
                .filter(rate -> rate.perSecond > 0)
                .limit(MOST)
                .forEach(rate -> greatest.put(rate.name, rate.perSecond));
        return greatest;
    }

    private int checkRooms(double seconds, long now, List<Rate> rates) {
        Map<String, Long> counted = new HashMap<>();
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            LocalHub hub = namespace.hub();
            for (String name : hub.roomNames()) {
                String room = namespace.prefix() + name;
                long position = hub.room(name).position();
                counted.put(room, position);
                // A room that was not known may be an old one, and a room with a new epoch counts anew.
                long events = Math.max(0, position - published.getOrDefault(room, position));
                if (events > 0) {
                    rates.add(new Rate(room, Math.round(events * hub.room(name).size() / seconds)));
                }
            }
        }
        published = counted;
        int limit = hubbub.settings().hotRoom();
        List<Rate> hot = rates.stream()
                .filter(rate -> limit > 0 && rate.perSecond > limit)
                .sorted(Comparator.comparingLong(Rate::perSecond).reversed())
                .toList();
        if (!hot.isEmpty() && now - roomLoggedAt >= SILENCE) {
            roomLoggedAt = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The room {0} has {1} deliveries per second, more than hubbub.hot-room. Rooms with so many: {2}",
                    Protocol.printable(hot.get(0).name),
                    Long.toString(hot.get(0).perSecond),
                    Integer.toString(hot.size()));
        }
        return hot.size();
    }

    private int checkClients(double seconds, long now, Map<String, Long> senders) {
        Map<String, Long> counted = new HashMap<>();
        LocalClient busiest = null;
        long most = 0;
        int near = 0;
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            for (LocalClient client : namespace.hub().clients()) {
                RateLimiter limiter = client.rateLimiter();
                long total = limiter.checked();
                counted.put(client.id(), total);
                long events = total - received.getOrDefault(client.id(), 0L);
                if (events > 0) {
                    String user = client.identity().name();
                    senders.merge(user == null ? client.remoteAddress() : user, events, Long::sum);
                }
                if (limiter.perSecond() > 0 && events / seconds >= limiter.perSecond() * NEAR) {
                    near++;
                    busiest = events > most ? client : busiest;
                    most = Math.max(most, events);
                }
            }
        }
        received = counted;
        if (busiest != null && now - clientLoggedAt >= SILENCE) {
            clientLoggedAt = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} sends {1} events per second, and hubbub.events-per-second allows {2}. Clients that send nearly so many"
                            + " or more: {3}",
                    ClientDescription.of(busiest),
                    Long.toString(Math.round(most / seconds)),
                    Integer.toString(busiest.rateLimiter().perSecond()),
                    Integer.toString(near));
        }
        return near;
    }
}
