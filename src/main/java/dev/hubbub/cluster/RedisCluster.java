package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Cluster;
import dev.hubbub.hub.ClusterSessions;
import dev.hubbub.hub.Forwarding;
import dev.hubbub.hub.History;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.Leases;
import dev.hubbub.hub.OwnClients;
import dev.hubbub.hub.RemoteClients;
import dev.hubbub.hub.RoomDirectory;
import dev.hubbub.protocol.Positions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** One node of a cluster whose nodes share a Redis: its two connections, its name, and a broker for each namespace. */
public final class RedisCluster implements Cluster {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** As in the secret of a session, see {@link RedisSessions}. */
    private static final Pattern GENERATION = Pattern.compile("[0-9]{1,9}");

    private static final Duration PATIENCE_CHECK = Duration.ofMillis(200);
    private static final Duration CLOSE_CHECK = Duration.ofSeconds(1);
    private static final Duration RENEWAL = Duration.ofSeconds(60);
    private static final Duration START_PATIENCE = Duration.ofSeconds(2);

    private final ClusterConfig config;
    /** Random at each start: a former life's sequence numbers must not be taken for this one's. */
    private final String node;

    private final CommandLink link;
    private final Subscription subscription;
    private final EventQueue queue = new EventQueue();
    private final AtomicLong sequence = new AtomicLong();
    private final ClusterCounters counters = new ClusterCounters();
    private final Map<String, RedisBroker> brokers = new ConcurrentHashMap<>();
    private final Map<String, RedisSessions> sessions = new ConcurrentHashMap<>();
    private final Map<String, RedisLeases> leases = new ConcurrentHashMap<>();
    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final RedisConnection first;
    private final Membership membership;
    private final NodeRequests requests = new NodeRequests(this);
    private final RequestForwarding forwarding = new RequestForwarding(this);
    /** In which Redis knows where the clients of this node are. */
    private String announcedTo = "";

    private final ClusterProblems problems = new ClusterProblems(counters);
    private volatile HubServices services;
    private final SharedSecret secret;

    private RedisCluster(
            ClusterConfig config, String node, SharedSecret secret, ThreadFactory threads, RedisConnection first) {
        this.config = config;
        this.node = node;
        this.first = first;
        membership = new Membership(this);
        this.secret = secret;
        String name = "hubbub-" + node;
        link = new CommandLink(config.address(), name, config.patience(), threads, new CommandLink.Listener() {
            @Override
            public void connected(String term) {
                if (!subscription().term().equals(term)) {
                    subscription().reconnect();
                }
                membership.beat();
                secret.share(link());
                if (!term.equals(announcedTo)) {
                    announcedTo = term;
                    sessions.values().forEach(RedisSessions::renewAll);
                }
                brokers.values().forEach(broker -> broker.feeds().forEach(RoomFeed::resume));
            }

            @Override
            public void available(boolean available) {
                changed(available);
            }
        });
        subscription = new Subscription(config.address(), name, threads, new Subscription.Listener() {
            @Override
            public void interrupted() {
                brokers.values().forEach(broker -> broker.feeds().forEach(RoomFeed::interrupted));
            }

            @Override
            public void subscribed() {
                brokers.values()
                        .forEach(broker -> broker.feeds().forEach(feed -> {
                            feed.resubscribed();
                            feed.refreshPresence(false);
                        }));
            }
        });
    }

    /**
     * Connects to Redis. If Redis cannot be reached it is tried again and again.
     *
     * @param threads creates the two threads of the connections
     * @throws IllegalArgumentException if Redis refuses user name, password or permissions
     */
    public static Cluster connect(ClusterConfig config, ThreadFactory threads) {
        String node = Positions.newEpoch();
        RedisConnection first = null;
        SharedSecret secret = null;
        try {
            first = RedisConnection.open(config.address(), "hubbub-" + node, CommandLink.SILENCE);
            CommandLink.load(first);
            warnOfEviction(first);
            secret = new SharedSecret(config, first);
        } catch (JedisException e) {
            if (first != null) {
                first.close();
                first = null;
            }
            if (RedisConnection.isRefusal(e)) {
                throw new IllegalArgumentException(
                        "Redis at " + config.address() + " refuses the connection: " + RedisConnection.reason(e), e);
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Redis at {0} is unreachable: {1}. Events are answered \"unavailable\" until it is reachable",
                    config.address(),
                    RedisConnection.reason(e));
        }
        return new RedisCluster(config, node, secret == null ? new SharedSecret(config, null) : secret, threads, first);
    }

    private static void warnOfEviction(RedisConnection connection) {
        String info = RedisConnection.text(connection.ask(Command.INFO, "memory"));
        String policy = RedisConnection.value(info, "maxmemory_policy");
        if (!policy.isEmpty() && !policy.equals("noeviction")) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Redis may evict rooms when its memory is full: maxmemory-policy is {0}. Set it to noeviction",
                    policy);
        }
    }

    @Override
    public void start(HubServices shared) {
        services = shared;
        requests.start(shared);
        forwarding.start(shared);
        subscription.subscribe(probeChannel(), message -> membership.probed());
        subscription.subscribe(key("n:" + node), this::received);
        link.start(first);
        // Other nodes answer by the channel of this one.
        subscription.start(first == null ? Duration.ZERO : START_PATIENCE);
        shared.scheduler().repeat("patience", PATIENCE_CHECK, link::checkPatience);
        shared.scheduler()
                .repeat("unused rooms", CLOSE_CHECK, () -> brokers.values().forEach(RedisBroker::closeUnused));
        shared.scheduler().repeat("sessions", RENEWAL, () -> sessions.values().forEach(RedisSessions::renewAll));
        shared.scheduler()
                .repeat("leases", RedisLeases.RENEWAL, () -> leases.values().forEach(RedisLeases::renewAll));
        membership.start(shared.scheduler());
        LOG.log(System.Logger.Level.INFO, "This is node {0} of the cluster at {1}", node, config.address());
    }

    @Override
    public Broker broker(String namespace, History history) {
        return brokers.computeIfAbsent(namespace, name -> new RedisBroker(this, name, services, history));
    }

    @Override
    public ClusterSessions sessions(String namespace) {
        return sessions.computeIfAbsent(namespace, name -> new RedisSessions(this, name));
    }

    @Override
    public Leases leases(String namespace) {
        return leases.computeIfAbsent(namespace, name -> new RedisLeases(this, name));
    }

    @Override
    public RemoteClients clients(String namespace, OwnClients here) {
        requests.serve(namespace, here);
        return new RemoteClients() {
            @Override
            public ClientRef find(String id) {
                return new RemoteClientRef(requests, namespace, id);
            }

            @Override
            public CompletionStage<Void> closeUser(String user, int code, String reason) {
                return requests.closeUser(namespace, user, code, reason);
            }
        };
    }

    @Override
    public Forwarding forwarding() {
        return forwarding;
    }

    @Override
    public RoomDirectory directory(String namespace) {
        return new RedisDirectory(this, namespace);
    }

    /** Asks for all nodes, also for those that have died a moment ago. */
    CommandArguments nodes() {
        return new CommandArguments(Command.ZRANGE).add(key("nodes")).add(0).add(-1);
    }

    /** Completes stages where code of the application may run. */
    void complete(Runnable completion) {
        try {
            services.application().execute(completion);
        } catch (RejectedExecutionException stopped) {
            completion.run();
        }
    }

    /** Called when the live nodes are known anew. */
    void living(List<String> nodes) {
        requests.check(nodes);
        forwarding.check(nodes);
    }

    /** Whether a node lived when that was last known. */
    boolean isLive(String other) {
        return membership.live().contains(other);
    }

    /** Where Redis has the node of a client, and the generation of its session. */
    String clientKey(String id) {
        return key("at:" + id);
    }

    Optional<RedisBroker> redisBroker(String namespace) {
        return Optional.ofNullable(brokers.get(namespace));
    }

    /** @param room with its namespace, as Redis names it */
    void emptied(String room) {
        int end = room.indexOf('\n');
        RedisLeases told = end < 0 ? null : leases.get(room.substring(0, end));
        if (told != null) {
            told.emptied(room.substring(end + 1));
        }
    }

    byte[] secret() {
        return secret.bytes();
    }

    /** A message of another node to this one. */
    private void received(byte[] message) {
        if (message.length > 2 && message[0] == EventBatch.FORMAT) {
            try {
                if (!forwarding.received(message)) {
                    requests.received(message);
                }
            } catch (RuntimeException e) {
                problems.malformed("node " + node, e);
            }
            return;
        }
        String[] parts = new String(message, StandardCharsets.UTF_8).split("\n");
        RedisSessions released = parts.length == 4 && parts[0].equals("released") ? sessions.get(parts[1]) : null;
        if (released == null || !GENERATION.matcher(parts[3]).matches()) {
            problems.malformed("node " + node, new IllegalArgumentException("no message of a node"));
        } else {
            services.closers().execute(() -> released.released(parts[2], Integer.parseInt(parts[3])));
        }
    }

    @Override
    public void onAvailable(Consumer<Boolean> listener) {
        listeners.add(listener);
    }

    @Override
    public void stop() {
        brokers.values()
                .forEach(
                        broker -> broker.feeds().forEach(feed -> feed.presence().flush()));
        leases.values().forEach(RedisLeases::releaseAll);
        forwarding.stop();
        requests.stop();
        membership.leave();
        link.stop();
        subscription.stop();
        LOG.log(System.Logger.Level.INFO, "Node {0} has left the cluster", node);
    }

    private void changed(boolean available) {
        if (available) {
            sessions.values().forEach(RedisSessions::renewAll); // those that came meanwhile are not known yet
        }
        for (RedisBroker broker : brokers.values()) {
            for (RoomFeed feed : broker.feeds()) {
                if (available) {
                    feed.resume();
                    feed.refreshPresence(true);
                } else {
                    feed.publisher().refuse(CommandLink.unavailable());
                    feed.unavailable();
                }
            }
        }
        listeners.forEach(listener -> listener.accept(available));
    }

    /** Others have taken this node for dead: its members are announced again. */
    void reaped() {
        LOG.log(
                System.Logger.Level.WARNING,
                "Other nodes have taken this one for dead; it announces its members again");
        brokers.values().forEach(broker -> broker.feeds().forEach(feed -> feed.refreshPresence(true)));
    }

    ClusterConfig config() {
        return config;
    }

    String node() {
        return node;
    }

    @Override
    public Status status() {
        return new Status(
                node,
                link.isAvailable(),
                membership.live().size(),
                link.term(),
                link.lastRoundTrip().toNanos(),
                queue.size(),
                counters.gaps().sum(),
                counters.lost().sum(),
                counters.unavailable().sum(),
                counters.malformed().sum(),
                counters.forwarded().sum());
    }

    CommandLink link() {
        return link;
    }

    Subscription subscription() {
        return subscription;
    }

    EventQueue queue() {
        return queue;
    }

    ClusterCounters counters() {
        return counters;
    }

    long nextSequence() {
        return sequence.incrementAndGet();
    }

    String key(String name) {
        return config.prefix() + ":" + name;
    }

    /** The set of the rooms in which a node has members. */
    String roomsOf(String of) {
        return key("n:" + of + ":rooms");
    }

    String probeChannel() {
        return key("probe:" + node);
    }

    /** Publishes a message to this node itself. */
    void probe() {
        link.submit(Call.of(
                () -> new CommandArguments(Command.PUBLISH).add(probeChannel()).add(""), reply -> {}));
    }

    /** Counts and logs problems. */
    ClusterProblems problems() {
        return problems;
    }
}
