package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.Member;
import dev.hubbub.hub.Broker.MemberChange;
import dev.hubbub.hub.MemberJson;
import dev.hubbub.hub.RoomDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** The rooms of one namespace that have members on any node, read from Redis in steps, so that events are not held up. */
final class RedisDirectory implements RoomDirectory {
    /** Names in one step. */
    private static final int SCANNED = 500;

    /** Rooms whose members are counted in one step. */
    private static final int COUNTED = 250;

    /** More readers at the same time are refused. */
    private static final int MAX_READERS = 8;

    private final RedisCluster cluster;
    private final String namespace;
    private final AtomicInteger readers = new AtomicInteger();

    RedisDirectory(RedisCluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    @Override
    public CompletionStage<Page> page(String after, int limit) {
        if (readers.incrementAndGet() > MAX_READERS) {
            readers.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new EventException(EventException.OVERLOADED, "Too many requests read the rooms of the cluster"));
        }
        Reading reading = new Reading(after, limit);
        reading.result.whenComplete((page, failure) -> readers.decrementAndGet());
        reading.begin();
        return reading.result;
    }

    /** Reads one page. Everything happens on the link's thread, one step after another. */
    private final class Reading {
        final CompletableFuture<Page> result = new CompletableFuture<>();
        private final String after;
        private final int limit;
        private final List<String> nodes = new ArrayList<>();
        /** The first names, one more than a page has. */
        private final TreeSet<String> names = new TreeSet<>();

        private final Map<String, Integer> sizes = new LinkedHashMap<>();
        private List<String> listed;

        Reading(String after, int limit) {
            this.after = after;
            this.limit = limit;
        }

        void begin() {
            submit(cluster.nodes(), result, reply -> {
                ((List<?>) reply).forEach(node -> nodes.add(RedisConnection.text(node)));
                scan("0");
            });
        }

        private void scan(String cursor) {
            if (nodes.isEmpty()) {
                listed = names.stream().limit(limit).toList();
                count(0);
                return;
            }
            String key = cluster.roomsOf(nodes.get(0));
            CommandArguments arguments = new CommandArguments(Command.SSCAN)
                    .add(key)
                    .add(cursor)
                    .add("COUNT")
                    .add(SCANNED);
            submit(arguments, result, reply -> {
                List<?> parts = (List<?>) reply;
                ((List<?>) parts.get(1)).forEach(room -> add(RedisConnection.text(room)));
                String next = RedisConnection.text(parts.get(0));
                if (next.equals("0")) {
                    nodes.remove(0);
                }
                scan(next);
            });
        }

        private void add(String room) {
            if (!room.startsWith(namespace + "\n")) {
                return;
            }
            String name = room.substring(namespace.length() + 1);
            boolean isReserved = name.charAt(0) < ' '; // of all clients, or of a user
            if (!isReserved && (after == null || name.compareTo(after) > 0)) {
                names.add(name);
                if (names.size() > limit + 1) {
                    names.pollLast();
                }
            }
        }

        private void count(int from) {
            if (from >= listed.size()) {
                String next = names.size() > limit ? listed.get(limit - 1) : null;
                cluster.complete(() -> result.complete(new Page(sizes, next)));
                return;
            }
            List<String> some = listed.subList(from, Math.min(listed.size(), from + COUNTED));
            CommandArguments arguments = Call.script(Script.COUNTS, some.size());
            some.forEach(name -> arguments.add(keys(name).counts()));
            submit(arguments, result, reply -> {
                List<?> counts = (List<?>) reply;
                for (int i = 0; i < some.size(); i++) {
                    int size = ((Long) counts.get(i)).intValue();
                    if (size > 0) {
                        sizes.put(some.get(i), size);
                    }
                }
                count(from + COUNTED);
            });
        }
    }

    private RoomKeys keys(String room) {
        return RoomKeys.of(cluster.config().prefix(), namespace, room);
    }

    @Override
    public CompletionStage<Occupants> occupants(String room) {
        CompletableFuture<Occupants> result = new CompletableFuture<>();
        RoomKeys keys = keys(room);
        CommandArguments arguments = Call.script(Script.OCCUPANTS, 2)
                .add(keys.members())
                .add(keys.counts())
                .add(MAX_MEMBERS);
        submit(arguments, result, reply -> {
            List<?> parts = (List<?>) reply;
            int size = ((Long) parts.get(0)).intValue();
            List<?> entries = (List<?>) parts.get(1);
            cluster.complete(() -> {
                try {
                    result.complete(new Occupants(size, members(entries)));
                } catch (RuntimeException malformed) {
                    result.completeExceptionally(malformed);
                }
            });
        });
        return result;
    }

    private static List<Member> members(List<?> entries) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i + 1 < entries.size() && members.size() < MAX_MEMBERS; i += 2) {
            String entry = RedisConnection.text(entries.get(i + 1));
            MemberChange member = PresenceChanges.member(
                    RedisConnection.text(entries.get(i)), entry.substring(entry.indexOf(' ') + 1));
            members.add(MemberJson.read(member.json()));
        }
        return members;
    }

    private void submit(CommandArguments arguments, CompletableFuture<?> result, Consumer<Object> replied) {
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return arguments;
            }

            @Override
            boolean mayRepeat() {
                return false; // who asks can ask again
            }

            @Override
            void replied(Object reply) {
                try {
                    replied.accept(reply);
                } catch (RuntimeException malformed) {
                    end(malformed);
                }
            }

            @Override
            void failed(RuntimeException failure) {
                end(failure instanceof EventException ? failure : CommandLink.unavailable());
            }

            private void end(RuntimeException failure) {
                cluster.complete(() -> result.completeExceptionally(failure));
            }
        });
    }
}
