package dev.hubbub.management;

import dev.hubbub.Member;
import dev.hubbub.Room;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.LoadWatch;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.hub.ClientErrors;
import dev.hubbub.hub.LocalClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What operators can see, by JMX, by the admin page, and by HTTP. Clients and rooms are those of this node. */
public final class Inspection {
    /** Entries of a page. */
    public static final int MAX_PAGE = 100;

    /** Entries that can be paged through: one pass over the clients keeps no more of them. */
    public static final int MAX_RANK = 1_000;

    /** Members that a room is shown with. */
    public static final int MAX_MEMBERS = 200;

    private final Hubbub hubbub;
    private final long startedAt = System.nanoTime();

    /** @param items at most {@link #MAX_PAGE} of all {@code total} ones */
    public record Page<T>(int total, List<T> items) {}

    /**
     * @param user null if it is anonymous
     * @param waiting events in its outbox
     * @param events that its socket was given, as {@code bytes}
     */
    public record ClientRow(
            String id,
            String namespace,
            String user,
            String address,
            String transport,
            int rooms,
            int waiting,
            long events,
            long bytes) {}

    /**
     * @param userAgent null if there is none
     * @param errors that the client was answered with, the newest first
     */
    public record ClientDetails(
            ClientRow client, List<String> rooms, String userAgent, List<ClientErrors.Answered> errors) {}

    public record RoomRow(String namespace, String name, int members) {}

    /**
     * @param members at most {@link #MAX_MEMBERS}
     * @param published events published in the room since its epoch began, without droppable ones
     */
    public record RoomDetails(RoomRow room, List<Member> members, long published) {}

    Inspection(Hubbub hubbub) {
        this.hubbub = hubbub;
    }

    /** {@code up}, or {@code draining} while new connections are rejected. */
    public String status() {
        return hubbub.admission().isClosed() ? "draining" : "up";
    }

    /** Milliseconds since the start. */
    public long uptime() {
        return (System.nanoTime() - startedAt) / 1_000_000;
    }

    /** The hub at a glance. */
    public Map<String, Object> overview() {
        Map<String, Object> overview = new LinkedHashMap<>();
        overview.put("status", status());
        overview.put("uptime", uptime());
        overview.put("clients", hubbub.metrics().total("hubbub_clients"));
        overview.put("transports", hubbub.metrics().values("hubbub_clients"));
        overview.put("rooms", hubbub.metrics().total("hubbub_rooms"));
        overview.put("handled", hubbub.metrics().total("hubbub_events_handled_total"));
        overview.put("handledByName", hubbub.metrics().values("hubbub_events_handled_total"));
        overview.put("rejected", hubbub.metrics().total("hubbub_events_rejected_total"));
        overview.put("refused", hubbub.metrics().values("hubbub_connections_rejected_total"));
        overview.put("waiting", hubbub.metrics().total("hubbub_outbox_events"));
        overview.put("dropped", hubbub.metrics().total("hubbub_events_dropped_total"));
        overview.put("tooSlow", hubbub.metrics().total("hubbub_clients_too_slow_total"));
        overview.put("tasks", hubbub.metrics().values("hubbub_tasks_queued"));
        LoadWatch.Load load =
                hubbub.transportState(LoadWatch.class, LoadWatch::new).load();
        overview.put("busyRooms", load.rooms());
        overview.put("senders", load.senders());
        Runtime runtime = Runtime.getRuntime();
        overview.put("heap", runtime.totalMemory() - runtime.freeMemory());
        overview.put("maxHeap", runtime.maxMemory());
        overview.put(
                "namespaces",
                hubbub.namespaces().stream()
                        .map(NamespaceRuntime::name)
                        .sorted()
                        .toList());
        return overview;
    }

    /** The value and the source of every setting. */
    public Map<String, String> settings() {
        return hubbub.settings().values().shown();
    }

    /**
     * A page of the clients.
     *
     * @param search a part of the id, user, address, transport or of a room's name; null for all clients
     * @param sort {@code waiting}, {@code events}, {@code bytes}, each the greatest first, or {@code user}
     * @param offset 0 to {@link #MAX_RANK}
     * @param limit 1 to {@link #MAX_PAGE}
     */
    public Page<ClientRow> clients(String search, String sort, int offset, int limit) {
        Ranking<ClientRow> ranking = new Ranking<>(rank(offset, limit));
        ToLongFunction<ClientRow> sorting = switch (sort) {
            case "waiting" -> ClientRow::waiting;
            case "events" -> ClientRow::events;
            case "bytes" -> ClientRow::bytes;
            case "user" -> row -> row.user() == null ? 0 : 1;
            default -> throw new IllegalArgumentException("Clients cannot be sorted by " + sort);
        };
        String part = search == null || search.isBlank() ? null : search.strip().toLowerCase(Locale.ROOT);
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            for (LocalClient client : namespace.hub().clients()) {
                if (part == null || matches(client, part)) {
                    ClientRow row = row(namespace, client);
                    long key = sorting.applyAsLong(row);
                    ranking.add(key, (row.user() == null ? "" : row.user()) + ' ' + row.id(), row);
                }
            }
        }
        return new Page<>(ranking.total(), ranking.after(offset));
    }

    private static int rank(int offset, int limit) {
        if (offset < 0 || limit < 1 || limit > MAX_PAGE || offset + limit > MAX_RANK) {
            throw new IllegalArgumentException("A page has 1 to " + MAX_PAGE + " entries, of the first " + MAX_RANK);
        }
        return offset + limit;
    }

    private static boolean matches(LocalClient client, String part) {
        return contains(client.id(), part)
                || contains(client.identity().name(), part)
                || contains(client.remoteAddress(), part)
                || contains(client.connection().transport(), part)
                || client.rooms().stream().anyMatch(room -> contains(room, part));
    }

    private static boolean contains(String text, String part) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(part);
    }

    private static ClientRow row(NamespaceRuntime namespace, LocalClient client) {
        return new ClientRow(
                client.id(),
                namespace.name(),
                client.identity().name(),
                client.remoteAddress(),
                client.connection().transport(),
                client.rooms().size(),
                client.waiting(),
                client.sent().frames(),
                client.sent().bytes());
    }

    /** One client; null if no client of this node has this id. */
    public ClientDetails client(String id) {
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            if (namespace.hub().client(id).orElse(null) instanceof LocalClient client) {
                return new ClientDetails(
                        row(namespace, client),
                        client.rooms().stream().sorted().limit(MAX_MEMBERS).toList(),
                        client.handshake().header("User-Agent").orElse(null),
                        client.errors().last());
            }
        }
        return null;
    }

    /**
     * A page of the rooms, those with the most members first.
     *
     * @param search a part of the name; null for all rooms
     */
    public Page<RoomRow> rooms(String search, int offset, int limit) {
        Ranking<RoomRow> ranking = new Ranking<>(rank(offset, limit));
        String part = search == null || search.isBlank() ? null : search.strip().toLowerCase(Locale.ROOT);
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            for (String name : namespace.hub().roomNames()) {
                if (part == null || contains(name, part)) {
                    int members = namespace.hub().room(name).size();
                    ranking.add(members, name, new RoomRow(namespace.name(), name, members));
                }
            }
        }
        return new Page<>(ranking.total(), ranking.after(offset));
    }

    /** One room; null if there is no such namespace. A room that nobody is in has no members. */
    public RoomDetails room(String namespace, String name) {
        NamespaceRuntime found = hubbub.namespace(namespace);
        if (found == null) {
            return null;
        }
        Room room = found.hub().room(name);
        List<Member> members = room.members();
        return new RoomDetails(
                new RoomRow(namespace, name, room.size()),
                members.subList(0, Math.min(MAX_MEMBERS, members.size())),
                room.position());
    }
}
