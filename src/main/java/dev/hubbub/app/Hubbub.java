package dev.hubbub.app;

import dev.hubbub.Namespace;
import dev.hubbub.TokenVerifier;
import dev.hubbub.access.RoomRules;
import dev.hubbub.builtin.RoomEvents;
import dev.hubbub.builtin.TestEvents;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.dispatch.HandlerException;
import dev.hubbub.dispatch.Handlers;
import dev.hubbub.hub.LocalHub;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One Hubbub, from start to stop. There is one for each web application; its endpoint, which the container makes and not
 * we, finds it by {@link #current()}: the class is loaded once for each application.
 */
public final class Hubbub {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final List<Class<?>> BUILT_IN = List.of(RoomEvents.class, TestEvents.class, AuthEvents.class);

    /** For goodbyes on stop; containers give an undeployment some ten seconds. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private static final Pattern NAMESPACE = Pattern.compile("/[^,?\\p{Cntrl}]{0,127}");

    private static volatile Hubbub current;

    private final Settings settings;
    private final LocalHub hub;
    private final Admission admission;
    /** Those that somebody asks for; the container is asked which of them a principal has. */
    private final Set<String> roles = ConcurrentHashMap.newKeySet();

    private final Map<String, NamespaceRuntime> spaces = new HashMap<>();

    private final Map<Class<?>, Object> doors = new ConcurrentHashMap<>();

    /** A namespace: clients and rooms apart from those of the others, and who handles their events. */
    public record NamespaceRuntime(String name, LocalHub hub, Dispatcher dispatcher) {}

    private Hubbub(Settings settings, LocalHub hub, TokenVerifier tokens) {
        this.settings = settings;
        this.hub = hub;
        roles.addAll(settings.roles());
        roles.addAll(settings.rooms().roles());
        admission = new Admission(settings, hub, roles, tokens);
    }

    /**
     * @param application its classes: handlers, room policies, at most one verifier of tokens
     * @param instances gives the one instance of each
     * @param threads makes the threads of the hub
     * @param workers runs handlers that may block, if the threads that read sockets must not; else null
     * @throws dev.hubbub.dispatch.HandlerException if a handler cannot work
     * @throws IllegalArgumentException if a setting or a room policy cannot
     * @throws IllegalStateException if one runs already
     */
    public static synchronized Hubbub start(
            Settings settings,
            Collection<Class<?>> application,
            Function<Class<?>, Object> instances,
            ThreadFactory threads,
            Executor workers) {
        if (current != null) {
            throw new IllegalStateException("Two web applications share one copy of the Hubbub jar, in a folder of the"
                    + " server or of an EAR; put it into WEB-INF/lib of each");
        }
        RoomRules rooms = Application.rooms(settings.rooms(), application, instances);
        List<Class<?>> handlers = Application.handlers(application);
        LocalHub hub = new LocalHub(new LocalHub.Config(
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
                settings.identification().notice(),
                new LocalHub.Threads(threads, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), workers)));
        try {
            TokenVerifier tokens =
                    Application.tokens(settings.identification().tokens(), application, instances, hub::doAside);
            Hubbub hubbub = new Hubbub(settings, hub, tokens);
            hubbub.add(Namespace.MAIN, hub, handlers, instances);
            for (Class<?> type : handlers) {
                String namespace = namespace(type);
                if (!hubbub.spaces.containsKey(namespace)) {
                    hubbub.add(namespace, hub.sibling(), handlers, instances);
                }
            }
            report(settings.values());
            current = hubbub;
            return current;
        } catch (RuntimeException | Error e) {
            hub.stop(Duration.ZERO);
            throw e;
        }
    }

    private static void report(Values values) {
        if (!values.changed().isEmpty()) {
            LOG.log(System.Logger.Level.INFO, "Settings: {0}", String.join(", ", values.changed()));
        }
        if (!Values.unknown().isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "There are no such settings: {0}", Values.unknown());
        }
    }

    private void add(
            String name, LocalHub ofSpace, Collection<Class<?>> handlers, Function<Class<?>, Object> instances) {
        List<Class<?>> own =
                handlers.stream().filter(type -> namespace(type).equals(name)).toList();
        AuthEvents auth = new AuthEvents(admission, ofSpace);
        Handlers all =
                new Handlers(BUILT_IN, own, type -> type == AuthEvents.class ? auth : instances.apply(type), ofSpace);
        roles.addAll(all.roles());
        Dispatcher dispatcher = new Dispatcher(all);
        auth.welcomeBy(dispatcher);
        ofSpace.onDeparture(dispatcher);
        spaces.put(name, new NamespaceRuntime(name, ofSpace, dispatcher));
        LOG.log(
                System.Logger.Level.INFO,
                name.equals(Namespace.MAIN) ? "Hubbub is ready; it handles {0}" : "The namespace {1} handles {0}",
                all.eventNames().stream().sorted().toList(),
                name);
    }

    private static String namespace(Class<?> handlers) {
        Namespace namespace = handlers.getAnnotation(Namespace.class);
        if (namespace == null) {
            return Namespace.MAIN;
        }
        if (!NAMESPACE.matcher(namespace.value()).matches()) {
            throw new HandlerException(handlers.getName() + ": a namespace is a slash and up to 127 characters, "
                    + "no comma or question mark among them, and not \"" + namespace.value() + "\"");
        }
        return namespace.value();
    }

    /** @throws IllegalStateException if none runs, which a handshake during start or stop can meet */
    public static Hubbub current() {
        Hubbub hubbub = current;
        if (hubbub == null) {
            throw new IllegalStateException("Hubbub is not running");
        }
        return hubbub;
    }

    public Settings settings() {
        return settings;
    }

    public Admission admission() {
        return admission;
    }

    /** Of the main namespace. */
    public LocalHub hub() {
        return hub;
    }

    /** Of the main namespace. */
    public Dispatcher dispatcher() {
        return spaces.get(Namespace.MAIN).dispatcher;
    }

    /** Null if there is no such namespace. */
    public NamespaceRuntime space(String namespace) {
        return spaces.get(namespace);
    }

    /** What a transport keeps for as long as this Hubbub runs; made when it is first asked for. */
    public <T> T door(Class<T> type, Function<Hubbub, T> maker) {
        return type.cast(doors.computeIfAbsent(type, key -> maker.apply(this)));
    }

    public Collection<NamespaceRuntime> spaces() {
        return spaces.values();
    }

    /**
     * Lets nobody in any more, says so by {@code /health}, and sends the clients away; returns when they have gone, or their
     * time is over. Hubbub still runs, and can be {@link #reopen opened} again.
     */
    public void drain() {
        admission.close(true);
        int clients = hub.census().connections();
        if (clients > 0) {
            LOG.log(System.Logger.Level.INFO, "Sending {0} clients away", clients);
        }
        new Drain(spaces.values().stream().map(NamespaceRuntime::hub).toList(), settings).run();
    }

    /** Lets clients in again. */
    public void reopen() {
        admission.close(false);
    }

    /** Drains, and ends. */
    public void stop() {
        drain();
        synchronized (Hubbub.class) {
            if (current == this) {
                current = null;
            }
        }
        hub.stop(STOP_PATIENCE);
        LOG.log(System.Logger.Level.INFO, "Hubbub has stopped");
    }
}
