package dev.hubbub.app;

import dev.hubbub.Namespace;
import dev.hubbub.TokenVerifier;
import dev.hubbub.access.RoomRules;
import dev.hubbub.builtin.RoomEvents;
import dev.hubbub.builtin.TestEvents;
import dev.hubbub.dispatch.DataValidator;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.dispatch.HandlerException;
import dev.hubbub.dispatch.Handlers;
import dev.hubbub.dispatch.RunningCalls;
import dev.hubbub.hub.Drain;
import dev.hubbub.hub.HubConfig;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.identity.BackgroundTasks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A running Hubbub, from start to stop. Each web application has one. Endpoints and servlets, which the container creates, get
 * it from {@link #current()}: this class is loaded once for each application.
 */
public final class Hubbub {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final List<Class<?>> BUILT_IN = List.of(RoomEvents.class, TestEvents.class, AuthEvents.class);

    /** For closing handshakes when Hubbub stops. Containers allow about ten seconds for an undeployment. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern NAMESPACE = Pattern.compile("/[^,?\\p{Cntrl}]{0,127}");

    private static volatile Hubbub current;

    /** The hub for code outside of handlers, from before the {@code @OnStart} methods until after the {@code @OnStop} methods. */
    private static volatile LocalHub startedHub;

    private static volatile boolean hasStopped;

    private final LiveSettings settings;
    private final Collection<Class<?>> application;
    private final LocalHub hub;
    private final EventHistory history;
    private final Admission admission;
    /** The roles that settings and handlers name. A container cannot list a user's roles; it has to be asked for each one. */
    private final Set<String> roles = ConcurrentHashMap.newKeySet();

    private final Map<String, NamespaceRuntime> namespaces = new HashMap<>();

    private final RunningCalls runningCalls = new RunningCalls();
    private final Metrics metrics;
    private final Health health;

    private final Map<Class<?>, Object> transportStates = new ConcurrentHashMap<>();

    private Hubbub(
            Settings settings,
            Collection<Class<?>> application,
            LocalHub hub,
            EventHistory history,
            TokenVerifier tokens) {
        this.settings = new LiveSettings(settings);
        this.application = List.copyOf(application);
        this.hub = hub;
        this.history = history;
        roles.addAll(settings.roles());
        roles.addAll(settings.rooms().roles());
        Stream.of(
                        settings.metrics().role(),
                        settings.contract().role(),
                        settings.admin().role())
                .filter(Objects::nonNull)
                .forEach(roles::add);
        admission = new Admission(settings, hub, roles, tokens);
        metrics = new Metrics(this);
        health = new Health(this);
    }

    /**
     * Starts Hubbub.
     *
     * @param application the classes of the application: handlers, room policies and at most one token verifier
     * @param instances returns the only instance of a class
     * @param threads creates the threads of the hub
     * @param workers runs handlers that may block, if the threads that read sockets must not block; otherwise null
     * @throws dev.hubbub.dispatch.HandlerException if a handler is invalid
     * @throws IllegalArgumentException if a setting or a room policy is invalid
     * @throws IllegalStateException if Hubbub is already running
     */
    public static Hubbub start(
            Settings settings,
            Collection<Class<?>> application,
            Function<Class<?>, Object> instances,
            ThreadFactory threads,
            Executor workers) {
        int writers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return start(
                settings, application, instances, new HubConfig.Threads(threads, writers, workers, workers == null));
    }

    /** As {@link #start(Settings, Collection, Function, ThreadFactory, Executor)}, with threads of the caller's choice. */
    public static synchronized Hubbub start(
            Settings settings,
            Collection<Class<?>> application,
            Function<Class<?>, Object> instances,
            HubConfig.Threads threads) {
        if (current != null) {
            throw new IllegalStateException("Two web applications share one copy of the Hubbub jar, in a library folder"
                    + " of the server or of an EAR. Put the jar into WEB-INF/lib of each application instead");
        }
        RoomRules rooms = ApplicationClasses.roomRules(settings.rooms(), application, instances);
        List<Class<?>> handlers = ApplicationClasses.handlers(application);
        EventHistory history = EventHistory.start(settings, threads.factory());
        HubConfig config = config(settings, rooms, threads);
        LocalHub hub;
        try {
            hub = new LocalHub(config, history.store(), settings.cluster().connect(config, threads.factory()));
        } catch (RuntimeException | Error e) {
            history.close();
            throw e;
        }
        try {
            history.schedule(hub);
            TokenVerifier tokens = ApplicationClasses.tokenVerifier(
                    settings.authentication().tokens(), application, instances, background(hub.services()));
            Hubbub hubbub = new Hubbub(settings, application, hub, history, tokens);
            hubbub.add(Namespace.MAIN, hub, handlers, instances);
            for (Class<?> type : handlers) {
                String namespace = namespace(type);
                if (!hubbub.namespaces.containsKey(namespace)) {
                    hubbub.add(namespace, hub.sibling(namespace), handlers, instances);
                }
            }
            logSettings(settings);
            CapacityWatch.start(hubbub);
            hubbub.settings.watch(hub.services());
            hubbub.runningCalls.start(hub.services().scheduler(), settings.slowHandler());
            startedHub = hub;
            hubbub.namespaces.values().forEach(each -> each.dispatcher().started());
            current = hubbub;
            return current;
        } catch (RuntimeException | Error e) {
            startedHub = null;
            hub.stop(Duration.ZERO, Duration.ZERO);
            history.close();
            throw e;
        }
    }

    private static HubConfig config(Settings settings, RoomRules rooms, HubConfig.Threads threads) {
        return new HubConfig(
                settings.maxPayload(),
                settings.outboxEvents(),
                settings.outboxBytes(),
                settings.outboxAge(),
                settings.heartbeat(),
                settings.heartbeatTimeout(),
                settings.logEvents(),
                settings.logAge(),
                settings.presence(),
                settings.presenceGrace(),
                rooms,
                settings.limits(),
                settings.authentication().notice(),
                settings.metrics().on(),
                threads);
    }

    private static BackgroundTasks background(HubServices services) {
        return new BackgroundTasks() {
            @Override
            public void execute(Runnable task) {
                services.application().execute(task);
            }

            @Override
            public void repeat(String what, Duration interval, Runnable task) {
                services.scheduler().repeat(what, interval, task);
            }
        };
    }

    private static void logSettings(Settings settings) {
        Values values = settings.values();
        if (!values.changed().isEmpty()) {
            LOG.log(System.Logger.Level.INFO, "Settings: {0}", String.join(", ", values.changed()));
        }
        if (!values.unknown().isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "Unknown settings: {0}", String.join(", ", values.unknown()));
        }
        if (settings.origins().allowsAny()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "hubbub.allowed-origins contains *, so that the pages of every site can connect");
        }
        if (settings.hosts().acceptsAny()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "hubbub.hosts contains *, so that pages whose name resolves to this server can connect");
        }
    }

    private void add(
            String name, LocalHub namespaceHub, Collection<Class<?>> handlers, Function<Class<?>, Object> instances) {
        // Containers also find the built-in ones.
        List<Class<?>> own = handlers.stream()
                .filter(type -> namespace(type).equals(name) && !BUILT_IN.contains(type))
                .toList();
        AuthEvents auth = new AuthEvents(admission, namespaceHub);
        Handlers all = new Handlers(
                settings().builtIn() ? BUILT_IN : List.of(AuthEvents.class),
                own,
                type -> type == AuthEvents.class ? auth : instances.apply(type),
                namespaceHub);
        roles.addAll(all.roles());
        if (settings().metrics().on()) {
            all.measure();
        }
        if (!settings().slowHandler().isZero()) {
            all.watch(runningCalls);
        }
        Dispatcher dispatcher =
                new Dispatcher(all, namespaceHub.policiesMayBlock() ? namespaceHub::policyMayBlock : null);
        auth.setDispatcher(dispatcher);
        namespaceHub.onDisconnect(dispatcher);
        namespaceHub.onRooms(all::roomHook);
        namespaces.put(name, new NamespaceRuntime(name, namespaceHub, dispatcher));
        LOG.log(
                System.Logger.Level.INFO,
                name.equals(Namespace.MAIN)
                        ? "Handling the events {0}"
                        : "Handling the events {0} in the namespace {1}",
                all.eventNames().stream().sorted().toList(),
                name);
    }

    private static String namespace(Class<?> handlers) {
        Namespace namespace = handlers.getAnnotation(Namespace.class);
        if (namespace == null) {
            return Namespace.MAIN;
        }
        if (!NAMESPACE.matcher(namespace.value()).matches()) {
            throw new HandlerException(handlers.getName() + ": a namespace must be a slash and up to 127 characters "
                    + "without commas, question marks and control characters, not \"" + namespace.value() + "\"");
        }
        return namespace.value();
    }

    /** Whether Hubbub is running. */
    public static boolean isRunning() {
        return current != null;
    }

    /** @throws IllegalStateException if Hubbub is not running, as during a handshake while the application starts or stops */
    public static Hubbub current() {
        Hubbub hubbub = current;
        if (hubbub == null) {
            throw new IllegalStateException("Hubbub is not running");
        }
        return hubbub;
    }

    /** @throws IllegalStateException if Hubbub has not started or has stopped; the message says which */
    static LocalHub startedHub() {
        LocalHub hub = startedHub;
        if (hub == null) {
            throw new IllegalStateException(
                    hasStopped
                            ? "Hubbub has stopped with its application"
                            : "Hubbub has not started yet. It starts when all parts of the application are there;"
                                    + " the earliest use of the hub is a method with @OnStart");
        }
        return hub;
    }

    public Settings settings() {
        return settings.current();
    }

    /**
     * Changes a setting on this node until the next start. Limits of events apply to clients that connect from now on.
     *
     * @param text null for the configured value
     * @throws IllegalArgumentException if it cannot be changed, or the value is invalid
     */
    public synchronized LiveSettings.Change change(String key, String text) {
        LiveSettings.Change change = settings.change(key, text);
        admission.use(settings());
        hub.connections().use(settings().limits());
        return change;
    }

    public ApiKeys apiKeys() {
        return settings.apiKeys();
    }

    /** The classes of the application, and the built-in ones if the container has found them too. */
    public Collection<Class<?>> application() {
        return application;
    }

    public Admission admission() {
        return admission;
    }

    /** Checks the data of events by the constraints of handlers. Must be called before the first client connects. */
    public void validate(DataValidator validator) {
        namespaces.values().forEach(each -> each.dispatcher().validate(validator));
    }

    /** The hub of the main namespace. */
    public LocalHub hub() {
        return hub;
    }

    /** The dispatcher of the main namespace. */
    public Dispatcher dispatcher() {
        return namespaces.get(Namespace.MAIN).dispatcher();
    }

    /** The namespace with this name; null if there is none. */
    public NamespaceRuntime namespace(String name) {
        return namespaces.get(name);
    }

    /** The state of a transport, which lives as long as this Hubbub and is created when it is first used. */
    public <T> T transportState(Class<T> type, Function<Hubbub, T> factory) {
        return type.cast(transportStates.computeIfAbsent(type, key -> factory.apply(this)));
    }

    EventHistory history() {
        return history;
    }

    public Metrics metrics() {
        return metrics;
    }

    public Health health() {
        return health;
    }

    public Collection<NamespaceRuntime> namespaces() {
        return namespaces.values();
    }

    /**
     * Rejects new connections, reports that by {@code /health}, and disconnects the clients. Returns when all of them are
     * disconnected, or after the time-out. Hubbub continues to run and can be {@link #reopen reopened}.
     */
    public void drain() {
        admission.setClosed(true);
        int clients = hub.connections().connections();
        if (clients > 0) {
            LOG.log(System.Logger.Level.INFO, "Draining: {0} clients are going to be disconnected", clients);
        }
        Settings.Draining draining = settings().draining();
        new Drain(
                        namespaces.values().stream().map(NamespaceRuntime::hub).toList(),
                        new Drain.Pace(
                                draining.delay(),
                                draining.rate(),
                                draining.timeout(),
                                settings().limits().admissions()))
                .run();
    }

    /** Accepts connections again. */
    public void reopen() {
        admission.setClosed(false);
    }

    /** Drains and stops. */
    public void stop() {
        drain();
        hub.stop(CLOSE_TIMEOUT, settings().draining().timeout());
        namespaces.values().forEach(each -> each.dispatcher().stopped());
        history.close();
        synchronized (Hubbub.class) {
            if (current == this) {
                current = null; // not before the last requests have been answered
            }
        }
        hasStopped = true;
        startedHub = null;
        LOG.log(System.Logger.Level.INFO, "Hubbub has stopped");
    }
}
