package dev.hubbub.hub;

import dev.hubbub.AfterCommit;
import dev.hubbub.Client;
import dev.hubbub.ClientRef;
import dev.hubbub.Close;
import dev.hubbub.Delivery;
import dev.hubbub.Group;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.Identity;
import dev.hubbub.Namespace;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.Timer;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.access.RoomPermissions;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The clients and rooms of one namespace on this node: what transports and applications call. It puts the parts together and
 * finds them; none of them knows it.
 */
public final class LocalHub implements Hub {
    /** All rooms together remember at most an eighth of the heap. */
    public static final long LOG_MEMORY = Runtime.getRuntime().maxMemory() / 8;

    private final String name;
    private final HubConfig config;
    private final History history;
    /** Null if the hub has its rooms to itself. */
    private final Cluster cluster;

    private final HubServices services;
    private final Shutdown shutdown;
    private final ConnectionLimiter connections;
    private final RoomLog.Limits log;
    private final ClientRegistry registry = new ClientRegistry();
    private final Rooms rooms;
    private final ClientLifecycle lifecycle;
    private final SessionRecovery recovery;
    private final ClientEnvironment<LocalClient> environment;
    private final boolean policiesMayBlock;
    private final List<LocalHub> namespaces;
    private final HubTimers timers;
    private final ClientFinder finder;
    private volatile Transactions transactions = Transactions.NONE;

    /** @param history stores the events of durable rooms; null if there are none */
    public LocalHub(HubConfig config, History history) {
        this(config, history, null);
    }

    /**
     * @param history stores the events of durable rooms; null if there are none
     * @param cluster null for a hub that has its rooms to itself
     */
    public LocalHub(HubConfig config, History history, Cluster cluster) {
        this(
                Namespace.MAIN,
                config,
                history,
                HubServices.start(config.threads(), config.measured()),
                new ConnectionLimiter(config.limits()),
                new AtomicLong(LOG_MEMORY),
                new CopyOnWriteArrayList<>(),
                cluster);
    }

    private LocalHub(
            String name,
            HubConfig config,
            History history,
            HubServices services,
            ConnectionLimiter connections,
            AtomicLong logMemory,
            List<LocalHub> namespaces,
            Cluster cluster) {
        this.name = name;
        this.cluster = cluster;
        this.config = config;
        this.history = history;
        this.services = services;
        this.connections = connections;
        this.namespaces = namespaces;
        policiesMayBlock = config.rooms().mayBlock();
        log = new RoomLog.Limits(config.logEvents(), config.logBytes(), config.logAge(), logMemory);
        if (cluster != null && namespaces.isEmpty()) {
            cluster.start(services);
        }
        Broker broker = cluster == null ? memoryBroker() : cluster.broker(name, history);
        rooms = new Rooms(broker, services, config.presence(), config.rooms(), config.outboxes());
        ClusterSessions elsewhere = cluster == null ? null : cluster.sessions(name);
        SessionStore sessions = new MemorySessionStore(services.scheduler());
        lifecycle = new ClientLifecycle(
                services, config, connections, registry, rooms, sessions, new DisconnectLog(), elsewhere);
        recovery = new SessionRecovery(registry, sessions, rooms, lifecycle, services.closers(), elsewhere);
        environment = new ClientEnvironment<>(
                services, config.outboxes(), connections::limits, this::room, rooms.conflater(), lifecycle::end);
        new Heartbeat(registry, config.heartbeatTimes(), services.writers(), lifecycle::unhealthy)
                .start(services.scheduler());
        timers = new HubTimers(services);
        finder = new ClientFinder(registry, services.writers(), rooms.conflater());
        shutdown = new Shutdown(services);
        namespaces.add(this);
        if (cluster != null) {
            cluster.onAvailable(lifecycle::tellAvailability);
            elsewhere.onReleased(recovery::released);
            rooms.setDirectory(cluster.directory(name));
            joinNodes(cluster.clients(name, finder), cluster.leases(name));
        }
    }

    /**
     * Closes all clients of an authenticated user, on all nodes.
     *
     * @return completes when they are going to be closed; fails with {@code unavailable} if another node cannot be reached
     */
    public CompletionStage<Void> closeUser(String user, int code, String reason) {
        return finder.closeUserEverywhere(user, code, reason);
    }

    /** The rooms of all nodes. */
    public RoomDirectory directory() {
        return rooms.directory();
    }

    private Broker memoryBroker() {
        MemoryBroker broker = new MemoryBroker(log, history, name);
        services.scheduler().repeat("retention", broker.retentionInterval(), broker::forgetOld);
        return broker;
    }

    /** Another namespace, with clients and rooms of its own, on the same threads. It is stopped by {@link #stop}. */
    public LocalHub sibling(String namespace) {
        return new LocalHub(namespace, config, history, services, connections, log.available(), namespaces, cluster);
    }

    /** The executors and counters that transports share with the hub. */
    public HubServices services() {
        return services;
    }

    /** Told of each client that has disconnected. */
    public void onDisconnect(DisconnectListener listener) {
        lifecycle.onDisconnect(listener);
    }

    /** How clients return. */
    public SessionRecovery recovery() {
        return recovery;
    }

    /** A random id: nobody else has it, and nobody can guess it. */
    public String newId() {
        return Secret.id();
    }

    /**
     * A client that is not one of the hub's yet, because it has still to authenticate: it is sent nothing but answers, is in no
     * room, and only its transport knows it.
     *
     * @param id of {@link #newId} or {@link SessionRecovery#idFor}
     */
    public LocalClient prepare(Connection connection, Handshake handshake, String id) {
        LocalClient client = new LocalClient(environment, id, handshake, connection);
        lifecycle.prepared(client);
        return client;
    }

    /**
     * Makes a prepared client one of the hub's.
     *
     * @param seen the numbers that it has seen, by epoch, for the events to everyone; null if it does not want to return
     * @return false if it has disconnected meanwhile
     */
    public boolean admit(LocalClient client, Map<String, Long> seen) {
        return lifecycle.admit(client, seen);
    }

    /**
     * The client is authenticated as somebody from now on; it leaves rooms that it may not be in any more.
     *
     * @throws dev.hubbub.EventException {@code forbidden} if it was authenticated as somebody else, {@code disconnected}
     */
    public void identify(LocalClient client, Identity identity) {
        lifecycle.identify(client, identity);
    }

    /** The connection of a client has ended, perhaps because it was lost. Only the first call has an effect. */
    public void disconnected(LocalClient client, Close close) {
        lifecycle.disconnected(client, close);
    }

    /** A client has ended its connection deliberately. Only the first call has an effect. */
    public void left(LocalClient client, Close close) {
        lifecycle.left(client, close);
    }

    @Override
    public Room room(String name) {
        return room(name, null);
    }

    private Room room(String name, Client sender) {
        return new LocalRoom(rooms, services, config, connections, name, sender);
    }

    @Override
    public Group rooms(String... names) {
        return new Selection(rooms, Set.copyOf(List.of(names)), Set.of(), Source.SERVER, null);
    }

    @Override
    public Group user(String user) {
        return new Selection(rooms, Set.of(Rooms.user(user)), Set.of(), Source.SERVER, null);
    }

    @Override
    public Collection<String> roomNames() {
        return rooms.names();
    }

    @Override
    public Optional<Client> client(String id) {
        return Optional.ofNullable(registry.find(id));
    }

    @Override
    public ClientRef remote(String id) {
        return finder.reference(id);
    }

    @Override
    public AfterCommit afterCommit() {
        return new LocalAfterCommit(this, namespaces.get(0).transactions);
    }

    /** From now on these are the transactions of the application, for all namespaces. */
    public void useTransactions(Transactions ofApplication) {
        namespaces.get(0).transactions = ofApplication;
    }

    @Override
    public Timer every(Duration interval, Runnable task) {
        return timers.every(interval, task);
    }

    @Override
    public Timer everyOnOneNode(String timer, Duration interval, Runnable task) {
        return timers.everyOnOneNode(timer, interval, task);
    }

    /** What the application does when clients join and leave rooms; null for a room with nothing to do. */
    public void onRooms(Function<String, RoomHook> hooks) {
        rooms.setHooks(hooks);
    }

    /** From now on this is one of several nodes: how it finds the clients of the others, and shares work with them. */
    public void joinNodes(RemoteClients clients, Leases shared) {
        finder.setElsewhere(clients);
        timers.setLeases(shared);
        rooms.setLeases(shared);
    }

    @Override
    public LocalHub namespace(String namespace) {
        return namespaces.stream()
                .filter(hub -> hub.name.equals(namespace))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no namespace " + namespace + ", only "
                        + namespaces.stream().map(hub -> hub.name).toList()));
    }

    /** The clients as they are at any time. */
    public Collection<LocalClient> clients() {
        return registry.all();
    }

    @Override
    public int size() {
        return registry.size();
    }

    @Override
    public void emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        rooms.publish(Rooms.EVERYONE, EventEncoder.event(name, data, attachments, delivery), Set.of(), Source.SERVER);
    }

    @Override
    public Group except(Client... except) {
        return new Selection(rooms, Set.of(Rooms.EVERYONE), Exclusion.of(null, except), Source.SERVER, null);
    }

    /** Publishes an event to all clients. */
    public CompletionStage<Position> publish(Frame event, Source source) {
        return rooms.publish(Rooms.EVERYONE, event, Set.of(), source);
    }

    /** Publishes an event to several rooms; the stage is of the positions by room. */
    public CompletionStage<Map<String, Position>> publish(Collection<String> names, Frame event, Source source) {
        return rooms.publish(names, event, Set.of(), source);
    }

    /** See {@link Hub#deleteEventsOf}; of all namespaces. */
    @Override
    public CompletionStage<Long> deleteEventsOf(String user) {
        // Memory does not know whose events they are; it is read anew from the history.
        List<CompletableFuture<Void>> forgotten = new ArrayList<>();
        namespaces.forEach(hub -> forgotten.add(hub.rooms.forgetEvents().toCompletableFuture()));
        return CompletableFuture.allOf(forgotten.toArray(CompletableFuture[]::new))
                .thenCompose(
                        nothing -> history == null ? CompletableFuture.completedFuture(0L) : history.deleteUser(user));
    }

    /** Rooms that are open on this node, that of all clients included; for tests. */
    int openRooms() {
        return rooms.size();
    }

    /** What clients may do in a room, whether or not it is open. */
    public RoomPermissions permissions(String room) {
        return rooms.permissions(room);
    }

    /** Whether {@link #policyMayBlock} is true for any room. */
    public boolean policiesMayBlock() {
        return policiesMayBlock;
    }

    /**
     * Whether the policy of a room may block this thread, and must not. Never where threads belong to one client each.
     */
    public boolean policyMayBlock(String room) {
        return policiesMayBlock
                && !services.callersMayBlock()
                && rooms.permissions(room).mayBlock();
    }

    /** The cluster of which this hub is a part; empty if it is alone. */
    public Optional<Cluster> cluster() {
        return Optional.ofNullable(cluster);
    }

    public Counters counters() {
        return services.counters();
    }

    /** Counts the connections of all namespaces. */
    public ConnectionLimiter connections() {
        return connections;
    }

    /**
     * A close frame has been sent and the peer has not answered yet.
     *
     * @param closed completes when the connection is closed
     * @param timeout how long the peer has to answer; less if the hub stops
     * @param abort closes the connection without waiting
     */
    public void awaitClose(CompletableFuture<Void> closed, Duration timeout, Runnable abort) {
        namespaces.get(0).shutdown.awaitClose(closed, timeout, abort);
    }

    /** Approximate bytes of the events that the rooms of all namespaces remember. */
    public long logBytes() {
        return LOG_MEMORY - log.available().get();
    }

    /**
     * Closes all clients of all namespaces with 1012 and stops the threads.
     *
     * @param closing how long to wait until the clients are closed
     * @param application how long to wait then for handlers that are still running, {@code @OnDisconnect} above all
     */
    public void stop(Duration closing, Duration application) {
        namespaces.forEach(hub -> {
            hub.timers.end();
            hub.lifecycle.stop();
        });
        namespaces.get(0).shutdown.stop(closing, application);
        if (cluster != null) {
            cluster.stop();
        }
    }
}
