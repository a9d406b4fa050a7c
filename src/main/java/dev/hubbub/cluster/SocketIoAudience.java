package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.hub.OwnClients;
import dev.hubbub.hub.RemoteClients;
import dev.hubbub.hub.RoomDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Whom a message of Node's Socket.IO means, in one namespace, on all nodes. There, each socket is in a room with its id as the
 * name; here, an id reaches its client.
 */
final class SocketIoAudience {
    /** Rooms that are read when a request is about all clients. */
    private static final int ALL_ROOMS = 1_000;

    /** Ids of Hubbub's clients. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{16}");

    /** Ids of clients here, and of sockets there, which have 20 characters. A room can have such a name, too. */
    private static final Pattern ANY_ID = Pattern.compile("[A-Za-z0-9_-]{16}|[A-Za-z0-9_-]{20}");

    private final RedisCluster cluster;
    private final String namespace;
    private final OwnClients here;
    private final RemoteClients elsewhere;
    private final RoomDirectory directory;

    SocketIoAudience(RedisCluster cluster, String namespace, OwnClients here, RemoteClients elsewhere) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.here = here;
        this.elsewhere = elsewhere;
        directory = cluster.directory(namespace);
    }

    String namespace() {
        return namespace;
    }

    RedisBroker broker() {
        return cluster.redisBroker(namespace).orElseThrow();
    }

    ClientRef client(String id) {
        ClientRef own = here.find(id);
        return own == null ? elsewhere.find(id) : own;
    }

    static boolean mayBeClient(String name) {
        return ID.matcher(name).matches();
    }

    /**
     * Whether an event to this name is one to a room: names that look like ids are rooms only if Redis knows such rooms. Otherwise
     * each socket of Node's would become a room that Redis keeps for a day.
     */
    CompletableFuture<Boolean> isRoom(String name) {
        return ANY_ID.matcher(name).matches()
                ? exists(RoomKeys.of(cluster.config().prefix(), namespace, name).meta())
                : CompletableFuture.completedFuture(true);
    }

    private CompletableFuture<Boolean> exists(String key) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return new CommandArguments(Command.EXISTS).add(key);
            }

            @Override
            void replied(Object reply) {
                cluster.complete(() -> result.complete(Long.valueOf(1).equals(reply)));
            }

            @Override
            void failed(RuntimeException failure) {
                cluster.complete(() -> result.completeExceptionally(failure));
            }
        });
        return result;
    }

    /** The names of the rooms. */
    CompletableFuture<List<String>> rooms(int limit) {
        return directory
                .page(null, limit)
                .thenApply(page -> List.copyOf(page.sizes().keySet()))
                .toCompletableFuture();
    }

    /** Clients by id, with those of the rooms in which they were found. If no rooms are given, the members of all rooms. */
    CompletableFuture<Map<String, Set<String>>> find(List<String> rooms, List<String> except) {
        return (rooms.isEmpty() ? rooms(ALL_ROOMS) : CompletableFuture.completedFuture(rooms))
                .thenCompose(this::members)
                .thenCompose(found -> found.isEmpty() || except.isEmpty()
                        ? CompletableFuture.completedFuture(found)
                        : members(except).thenApply(excluded -> {
                            found.keySet().removeAll(excluded.keySet());
                            return found;
                        }));
    }

    /** Ids of the clients in any of these rooms; the names that look like ids are among them. */
    CompletableFuture<Set<String>> ids(List<String> rooms) {
        Set<String> ids = new LinkedHashSet<>();
        rooms.stream().filter(SocketIoAudience::mayBeClient).forEach(ids::add);
        return members(rooms).thenApply(found -> {
            ids.addAll(found.keySet());
            return ids;
        });
    }

    private CompletableFuture<Map<String, Set<String>>> members(List<String> rooms) {
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        Map<String, Set<String>> found = new LinkedHashMap<>();
        for (String room : rooms) {
            if (mayBeClient(room)) {
                reads.add(exists(cluster.clientKey(room)).thenAccept(exists -> {
                    if (exists) {
                        add(found, room, room);
                    }
                }));
            }
            reads.add(directory
                    .occupants(room)
                    .thenAccept(occupants -> occupants.members().forEach(member -> add(found, member.id(), room)))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)).thenApply(nothing -> found);
    }

    private static void add(Map<String, Set<String>> found, String id, String room) {
        synchronized (found) {
            found.computeIfAbsent(id, key -> new LinkedHashSet<>(Set.of(id))).add(room);
        }
    }
}
