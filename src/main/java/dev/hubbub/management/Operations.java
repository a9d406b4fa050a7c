package dev.hubbub.management;

import dev.hubbub.Client;
import dev.hubbub.Identity;
import dev.hubbub.Member;
import dev.hubbub.Namespace;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.access.Bans;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.hub.ClientErrors;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToLongFunction;

/**
 * What operators can see and do, by JMX, by the admin page, and by HTTP. Whatever changes something is written to the log {@code
 * dev.hubbub.audit}: who, from where, what, and with which result. Clients and rooms are those of this node.
 */
public final class Operations {
    /** Entries of a page. */
    public static final int MAX_PAGE = 100;

    /** Entries that can be paged through: one pass over the clients keeps no more of them. */
    public static final int MAX_RANK = 1_000;

    /** Members that a room is shown with. */
    public static final int MAX_MEMBERS = 200;

    private static final System.Logger AUDIT = System.getLogger("dev.hubbub.audit");
    private static final int MAX_TEXT = 500;

    private final Hubbub hubbub;
    private final ThreadFactory threads;
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

    /** @param userAgent null if there is none, as {@code lastError} */
    public record ClientDetails(ClientRow client, List<String> rooms, String userAgent, ClientErrors.Last lastError) {}

    public record RoomRow(String namespace, String name, int members) {}

    /** @param members at most {@link #MAX_MEMBERS} */
    public record RoomDetails(RoomRow room, List<Member> members) {}

    /** @param threads makes the thread that drains */
    Operations(Hubbub hubbub, ThreadFactory threads) {
        this.hubbub = hubbub;
        this.threads = threads;
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
        Map<String, String> settings = new LinkedHashMap<>();
        hubbub.settings().values().toString().lines().forEach(line -> {
            String[] parts = line.split(" = ", 2);
            settings.put(parts[0], parts[1]);
        });
        return settings;
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
                new RoomRow(namespace, name, room.size()), members.subList(0, Math.min(MAX_MEMBERS, members.size())));
    }

    /** Who is banned, the ban that ends first at the beginning. */
    public List<Bans.Ban> bans() {
        return hubbub.admission().bans().all();
    }

    // -- what changes something

    /** Closes a client with 1008. @return false if no client of this node has this id */
    public boolean close(Operator operator, String id, String reason) {
        Client client = null;
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            client = client == null ? namespace.hub().client(id).orElse(null) : client;
        }
        if (client != null) {
            client.close(CloseCode.POLICY, text(reason));
        }
        audit(
                operator,
                "closes " + (client == null ? id : describe(client)) + reason(reason),
                client != null ? "done" : "no such client");
        return client != null;
    }

    private static String describe(Client client) {
        Identity identity = client.identity();
        return client + (identity.isAnonymous() ? "" : " of the user " + identity.name());
    }

    /**
     * Rejects connections of a user or an address for a time, and closes the clients that it has on this node.
     *
     * @return the number of clients that were closed
     * @throws IllegalArgumentException if the time is not 1 minute to {@link Bans#LONGEST}
     * @throws IllegalStateException if there are {@link Bans#MAX} bans
     */
    public int ban(Operator operator, Bans.Kind kind, String value, Duration time, String reason) {
        Bans.Ban ban = hubbub.admission().bans().add(kind, value, time, text(reason));
        int closed = 0;
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            for (LocalClient client : namespace.hub().clients()) {
                String its = kind == Bans.Kind.USER ? client.identity().name() : client.remoteAddress();
                if (value.equals(its)) {
                    client.close(CloseCode.POLICY, "You are banned until " + ban.until());
                    closed++;
                }
            }
        }
        audit(
                operator,
                "bans the " + name(kind) + value + " until " + ban.until() + reason(reason),
                closed + " clients closed");
        return closed;
    }

    /** @return false if there was no such ban */
    public boolean unban(Operator operator, Bans.Kind kind, String value) {
        boolean removed = hubbub.admission().bans().remove(kind, value);
        audit(operator, "ends the ban of the " + name(kind) + value, removed ? "done" : "no such ban");
        return removed;
    }

    private static String name(Bans.Kind kind) {
        return kind == Bans.Kind.USER ? "user " : "address ";
    }

    /**
     * Removes all members of this node from a room. Each is sent {@code left} with the reason {@code expelled}.
     *
     * @return how many there were
     * @throws IllegalArgumentException if there is no such namespace
     */
    public int clearRoom(Operator operator, String namespace, String name) {
        NamespaceRuntime found = require(namespace);
        Room room = found.hub().room(name);
        int count = 0;
        for (Client client : room.clients()) {
            if (room.expel(client)) {
                count++;
            }
        }
        audit(operator, "clears the room " + found.prefix() + name, count + " members removed");
        return count;
    }

    private record Notice(String text) {}

    /**
     * Sends the event {@code notice} with {@code {"text"}}.
     *
     * @param room null for all clients of the namespace
     * @param namespace null for all clients
     */
    public void notice(Operator operator, String namespace, String room, String text) {
        Notice notice = new Notice(text);
        if (namespace == null) {
            hubbub.namespaces().forEach(each -> each.hub().emit("notice", notice));
        } else if (room == null) {
            require(namespace).hub().emit("notice", notice);
        } else {
            require(namespace).hub().room(room).emit("notice", notice);
        }
        audit(
                operator,
                "sends a notice to " + (room == null ? "all clients" : "the room " + room) + ": " + text,
                "done");
    }

    /** Rejects new connections and disconnects all clients, in the background. */
    public void drain(Operator operator) {
        audit(operator, "drains this server", "started");
        Thread thread = threads.newThread(hubbub::drain);
        thread.setName("hubbub-drain");
        thread.setDaemon(true);
        thread.start();
    }

    /** Accepts connections again after {@link #drain}. */
    public void reopen(Operator operator) {
        hubbub.reopen();
        audit(operator, "accepts connections again", "done");
    }

    /** Deletes an event of a room of the main namespace. */
    CompletionStage<Boolean> deleteEvent(Operator operator, String room, Position position) {
        audit(operator, "deletes the event " + position + " of the room " + room, "started");
        return hubbub.hub().room(room).delete(position);
    }

    /** Deletes all events of a room of the main namespace. */
    CompletionStage<Long> deleteEventsOfRoom(Operator operator, String room) {
        audit(operator, "deletes all events of the room " + room, "started");
        return hubbub.hub().room(room).deleteAll();
    }

    /** Deletes all events that a user has sent. */
    CompletionStage<Long> deleteEventsOfUser(Operator operator, String user) {
        audit(operator, "deletes all events of the user " + user, "started");
        return hubbub.hub().deleteEventsOf(user);
    }

    /** Somebody who is no operator tried to become one. */
    public void loginFailed(String user, String address) {
        audit(new Operator("Somebody", address), "tries to log in as " + user, "rejected");
    }

    /** Somebody has become an operator. */
    public void loggedIn(Operator operator) {
        audit(operator, "logs in to the admin page", "done");
    }

    private NamespaceRuntime require(String name) {
        NamespaceRuntime namespace = hubbub.namespace(name == null ? Namespace.MAIN : name);
        if (namespace == null) {
            throw new IllegalArgumentException("There is no namespace " + name);
        }
        return namespace;
    }

    private static String text(String reason) {
        return reason == null ? "" : reason.substring(0, Math.min(reason.length(), MAX_TEXT));
    }

    private static String reason(String reason) {
        return reason == null || reason.isEmpty() ? "" : " (" + text(reason) + ")";
    }

    private static void audit(Operator operator, String action, String result) {
        // Names and texts come from outside, and may try to look like lines of the log.
        AUDIT.log(System.Logger.Level.INFO, Protocol.printable(operator + " " + action + ": " + result));
    }
}
