package dev.hubbub.cluster;

import dev.hubbub.Namespace;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Leases;
import dev.hubbub.hub.Scheduler;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Exchanges events with Node's Socket.IO servers and emitters through Redis. One node of the cluster does that at a time: it
 * publishes their broadcasts in Hubbub's rooms, sends Hubbub's events to them, and answers their requests for all nodes.
 *
 * <p>It has a connection and a thread of its own, which may wait. An event of theirs carries a mark among the clients that it
 * excludes, so that no node sends it back to them. What Hubbub sends to them has a sender's id that all nodes ignore.
 */
final class SocketIoExchange {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** In no id of a client, and in no mark of a user. */
    private static final String FOREIGN = "~socket.io";

    private static final String ALL_CLIENTS = "\u0001all";
    private static final Duration CHECK = Duration.ofSeconds(1);

    /** Longer than a ping takes to be answered. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_EPOCHS = 10_000;

    private final RedisCluster cluster;
    private final String uid;
    private final String rooms;
    private final Map<String, SocketIoAudience> namespaces = new ConcurrentHashMap<>();
    private final Map<String, SocketIoRequests> requests = new ConcurrentHashMap<>();
    private final Thread thread;
    /** Replaced and written to with the lock of this. */
    private RedisConnection connection;

    private volatile boolean stopped;
    private volatile Leases.Lease lease;
    private String lastProblem = "";

    /** The rooms of events to several rooms, by epoch. Used only by the thread. */
    private final Map<String, String> epochs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_EPOCHS;
        }
    };

    SocketIoExchange(RedisCluster cluster, ThreadFactory threads) {
        this.cluster = cluster;
        uid = "hubbub-" + cluster.config().prefix();
        rooms = cluster.key("r:");
        thread = threads.newThread(this::run);
        thread.setName("hubbub-socket.io");
        thread.setDaemon(true);
    }

    void start(Scheduler scheduler) {
        lease = cluster.leases(Namespace.MAIN).compete("socket.io");
        scheduler.repeat("socket.io", CHECK, this::check);
        thread.start();
    }

    /** From now on the events of a namespace are exchanged. */
    void serve(SocketIoAudience audience) {
        namespaces.put(audience.namespace(), audience);
        requests.put(audience.namespace(), new SocketIoRequests(audience, this::publish, cluster.problems()));
        disconnect();
    }

    void stop() {
        stopped = true;
        disconnect();
        thread.interrupt();
    }

    private boolean isActive() {
        return !stopped && lease.isHeld();
    }

    /** Ends the connection when another node has the lease, and notices one that is dead. */
    private synchronized void check() {
        if (connection == null) {
            notifyAll();
        } else if (!isActive()) {
            disconnect();
        } else {
            try {
                connection.sendCommand(Command.PING);
                connection.send();
            } catch (JedisException e) {
                disconnect();
            }
        }
    }

    private synchronized void disconnect() {
        if (connection != null) {
            connection.close();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                if (awaitLease()) {
                    exchange();
                }
            } catch (InterruptedException e) {
                return;
            } catch (JedisException e) {
                broken(RedisConnection.reason(e));
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "The exchange with Socket.IO failed", e);
            }
        }
    }

    private synchronized boolean awaitLease() throws InterruptedException {
        while (!stopped && !(lease.isHeld() && !namespaces.isEmpty())) {
            wait(CHECK.toMillis());
        }
        return !stopped;
    }

    private void broken(String problem) throws RuntimeException {
        if (isActive() && !problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.log(System.Logger.Level.WARNING, "The exchange with Socket.IO is interrupted: {0}", problem);
        }
        synchronized (this) {
            try {
                if (isActive()) {
                    wait(CHECK.toMillis() / 4);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void exchange() {
        try (RedisConnection opened =
                RedisConnection.open(cluster.config().address(), "hubbub-" + cluster.node(), SILENCE)) {
            synchronized (this) {
                connection = opened;
                CommandArguments patterns = new CommandArguments(Command.PSUBSCRIBE).add(glob(rooms) + "*");
                CommandArguments channels = new CommandArguments(Command.SUBSCRIBE);
                for (String namespace : namespaces.keySet()) {
                    patterns.add(glob("socket.io#" + namespace + "#") + "*");
                    channels.add("socket.io-request#" + namespace + "#");
                }
                opened.sendCommand(patterns);
                opened.sendCommand(channels);
                opened.send();
            }
            lastProblem = "";
            LOG.log(
                    System.Logger.Level.INFO,
                    "This node exchanges the events of {0} with Socket.IO",
                    namespaces.keySet().stream().sorted().toList());
            while (isActive()) {
                received(opened.getUnflushedObject());
            }
        } finally {
            synchronized (this) {
                connection = null;
            }
        }
    }

    private static String glob(String text) {
        return text.replaceAll("([\\\\*?\\[\\]])", "\\\\$1");
    }

    private void received(Object reply) {
        if (!(reply instanceof List<?> parts)
                || parts.size() < 3
                || !(parts.get(parts.size() - 1) instanceof byte[] message)) {
            return; // a confirmation
        }
        String channel = RedisConnection.text(parts.get(parts.size() - 2));
        try {
            if (channel.startsWith(rooms)) {
                published(channel.substring(rooms.length()), message);
            } else if (channel.startsWith("socket.io-request#")) {
                SocketIoRequests asked =
                        requests.get(channel.substring(channel.indexOf('#') + 1, channel.length() - 1));
                if (asked != null) {
                    asked.received(channel, message);
                }
            } else {
                broadcast(message);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | TimeoutException e) {
            cluster.problems().foreign(channel, e);
        }
    }

    /** An event of theirs. */
    private void broadcast(byte[] message) throws InterruptedException, TimeoutException {
        SocketIoPacket packet = SocketIoPacket.parse(message);
        SocketIoAudience audience = namespaces.get(packet.namespace());
        if (packet.uid().equals(uid) || audience == null) {
            return;
        }
        Set<String> except = packet.except().isEmpty() ? Set.of() : await(audience.ids(packet.except()));
        Set<String> marked = new HashSet<>(except);
        marked.add(FOREIGN);
        Frame frame = packet.frame();
        List<String> targets = new ArrayList<>();
        for (String name : packet.rooms()) {
            if (SocketIoAudience.mayBeClient(name) && !except.contains(name)) {
                audience.client(name).emit(packet.name(), packet.data(), packet.attachments(), packet.delivery());
            }
            if (await(audience.isRoom(name))) {
                targets.add(name);
            }
        }
        if (packet.rooms().isEmpty()) {
            targets.add(ALL_CLIENTS);
        }
        if (targets.isEmpty()) {
            return;
        }
        if (marked.size() > Broker.MAX_EXCLUDED) {
            throw new IllegalArgumentException(
                    "it excludes " + except.size() + " clients, and at most " + (Broker.MAX_EXCLUDED - 1) + " can be");
        }
        CompletableFuture<?> published = (targets.size() == 1
                        ? audience.broker().publish(targets.get(0), frame, marked, Source.SERVER)
                        : audience.broker().publish(targets, frame, marked, Source.SERVER))
                .toCompletableFuture();
        published.whenComplete((done, failure) -> {
            if (failure != null) {
                cluster.problems().foreign(packet.channel(), failure);
            }
        });
    }

    private static <T> T await(CompletableFuture<T> stage) throws InterruptedException, TimeoutException {
        try {
            return stage.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** A message of ours to the members of a room. */
    private void published(String room, byte[] message) {
        int end = room.indexOf('\n');
        String namespace = end < 0 ? "" : room.substring(0, end);
        String name = room.substring(end + 1);
        boolean isMessage = message.length > 2
                && message[0] == EventBatch.FORMAT
                && (message[1] == EventBatch.PUBLISHED
                        || message[1] == EventBatch.MULTI
                        || message[1] == EventBatch.DROPPABLE);
        if (!isMessage || !namespaces.containsKey(namespace)) {
            return;
        }
        boolean toAll = name.equals(ALL_CLIENTS);
        if (name.isEmpty() || (!toAll && name.charAt(0) < ' ')) {
            return; // of a user: inside
        }
        EventBatch batch = EventBatch.parse(message);
        List<String> before = new ArrayList<>();
        if (batch.kind() == EventBatch.MULTI) {
            epochs.put(batch.position().epoch(), name);
            for (Position elsewhere : batch.elsewhere()) {
                String other = epochs.get(elsewhere.epoch());
                if (other != null) {
                    before.add(other); // there, members of a room can be excluded: they have got it
                }
            }
        }
        for (EventBatch.Event event : batch.events(-1)) {
            if (!event.except().contains(FOREIGN)) {
                SocketIoPacket packet =
                        SocketIoPacket.of(uid, namespace, event.frame(), toAll ? List.of() : List.of(name), before);
                if (packet != null) {
                    publish(packet.channel(), packet.encoded());
                }
            }
        }
    }

    private void publish(String channel, byte[] message) {
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return new CommandArguments(Command.PUBLISH).add(channel).add(message);
            }

            @Override
            int size() {
                return 256 + message.length;
            }

            @Override
            boolean mayRepeat() {
                return false; // rather lost than twice
            }

            @Override
            void replied(Object reply) {}

            @Override
            void failed(RuntimeException failure) {
                cluster.problems().foreign(channel, failure);
            }
        });
    }
}
