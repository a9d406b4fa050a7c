package dev.hubbub.dispatch;

import dev.hubbub.Hub;
import dev.hubbub.Namespace;
import dev.hubbub.OnEvent;
import dev.hubbub.hub.Durations;
import dev.hubbub.hub.RoomHook;
import dev.hubbub.protocol.Protocol;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** All handlers of a namespace, by what they are called for. Immutable. */
public final class Handlers {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final Map<String, HandlerMethod> events = new HashMap<>();
    private final Hub hub;
    private final Collection<Class<?>> builtIn;
    private final Map<HandlerMethod.Kind, List<HandlerMethod>> lifecycle = new EnumMap<>(HandlerMethod.Kind.class);

    /**
     * @param builtIn classes whose events an application may handle instead
     * @param application the classes that are annotated with {@link dev.hubbub.EventHandlers}
     * @param instances returns the only instance of a class
     * @throws HandlerException if a handler is invalid; the message names the first one
     */
    public Handlers(
            Collection<Class<?>> builtIn,
            Collection<Class<?>> application,
            Function<Class<?>, Object> instances,
            Hub hub) {
        this.hub = hub;
        this.builtIn = builtIn;
        for (HandlerMethod.Kind kind : HandlerMethod.Kind.values()) {
            lifecycle.put(kind, new ArrayList<>());
        }
        builtIn.forEach(type -> add(type, instances, hub));
        Map<String, HandlerMethod> defaults = Map.copyOf(events);
        events.clear();
        application.stream()
                .filter(type -> !builtIn.contains(type))
                .sorted(Comparator.comparing(Class::getName))
                .forEach(type -> add(type, instances, hub));
        defaults.forEach((name, method) -> {
            HandlerMethod own = events.putIfAbsent(name, method);
            if (own != null) {
                LOG.log(System.Logger.Level.INFO, "{0} handles \"{1}\" instead of {2}", own, name, method);
            }
        });
    }

    /** The handler of the event with this name; null if there is none. */
    HandlerMethod event(String name) {
        return events.get(name);
    }

    /** All handlers of a kind other than {@link HandlerMethod.Kind#EVENT}. */
    List<HandlerMethod> all(HandlerMethod.Kind kind) {
        return lifecycle.get(kind);
    }

    /** What is to be called when clients join and leave a room; null for nothing. */
    public RoomHook roomHook(String room) {
        List<HandlerMethod> join = of(HandlerMethod.Kind.JOIN, room);
        List<HandlerMethod> leave = of(HandlerMethod.Kind.LEAVE, room);
        List<HandlerMethod> empty = of(HandlerMethod.Kind.EMPTY, room);
        return join.isEmpty() && leave.isEmpty() && empty.isEmpty()
                ? null
                : new RoomMethods(hub, room, join, leave, empty);
    }

    private List<HandlerMethod> of(HandlerMethod.Kind kind, String room) {
        List<HandlerMethod> all = lifecycle.get(kind);
        return all.isEmpty()
                ? List.of()
                : all.stream()
                        .filter(method -> method.rooms().parts(room) != null)
                        .toList();
    }

    /** The names of the events that are handled. */
    public Set<String> eventNames() {
        return Set.copyOf(events.keySet());
    }

    /** How often each event was handled, by its name. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        events.forEach((name, handler) -> counts.put(name, handler.calls()));
        return counts;
    }

    /** Measures how long handlers of events take, from now on. */
    public void measure() {
        events.values().forEach(HandlerMethod::measure);
    }

    /** Has calls checked, while they run, from now on; not those of built-in handlers that never block. */
    public void watch(RunningCalls calls) {
        lifecycle.values().forEach(methods -> methods.forEach(method -> method.watch(calls)));
        events.values().stream()
                .filter(method -> method.isBlocking() || !builtIn.contains(method.type()))
                .forEach(method -> method.watch(calls));
    }

    /** Checks the data of events by constraints, from now on. */
    void validate(DataValidator validator) {
        events.values().forEach(handler -> handler.validate(validator));
    }

    /** How long the handlers of each event took; empty if they are not measured. */
    Map<String, Durations> durations() {
        Map<String, Durations> durations = new HashMap<>();
        events.forEach((name, handler) -> {
            if (handler.durations() != null) {
                durations.put(name, handler.durations());
            }
        });
        return durations;
    }

    /** The roles that handlers require. A container has to be asked for each one. */
    public Set<String> roles() {
        Set<String> roles = new HashSet<>();
        for (HandlerMethod handler : events.values()) {
            if (handler.permission().roles() != null) {
                roles.addAll(handler.permission().roles());
            }
        }
        return roles;
    }

    private void add(Class<?> type, Function<Class<?>, Object> instances, Hub hub) {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            return; // its methods are found in its subclasses
        }
        Object instance = null;
        for (Method method : methods(type)) {
            for (HandlerMethod.Kind kind : HandlerMethod.Kind.values()) {
                if (method.isAnnotationPresent(kind.annotation)) {
                    instance = instance == null ? instances.apply(type) : instance;
                    add(kind, type, method, new HandlerMethod(kind, method, instance, hub));
                }
            }
        }
        if (instance == null && !type.isAnnotationPresent(Namespace.class)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} has the annotation @EventHandlers but no handlers",
                    type.getName());
        }
    }

    private void add(HandlerMethod.Kind kind, Class<?> type, Method method, HandlerMethod handler) {
        if (kind != HandlerMethod.Kind.EVENT) {
            lifecycle.get(kind).add(handler);
            return;
        }
        AnnotatedElement ignored = Permission.ignored(method, type);
        if (ignored != null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The security annotation of {1} does not apply to {0}: only annotations of the method and of the class"
                            + " that declares it do",
                    handler,
                    ignored);
        }
        String name = method.getAnnotation(OnEvent.class).value();
        if (!Protocol.isName(name)) {
            throw new HandlerException(
                    handler + ": an event's name must have 1 to " + Protocol.MAX_NAME + " characters");
        }
        HandlerMethod other = events.put(name, handler);
        if (other != null) {
            throw new HandlerException("Both " + other + " and " + handler + " handle \"" + name + "\"");
        }
    }

    /** The methods of the class and the inherited ones that are not overridden, those of the superclass last. */
    static List<Method> methods(Class<?> type) {
        List<Method> methods = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            Method[] declared = c.getDeclaredMethods();
            // The JVM returns them in any order.
            java.util.Arrays.sort(declared, Comparator.comparing(Method::toGenericString));
            for (Method method : declared) {
                boolean overridable = !Modifier.isPrivate(method.getModifiers());
                String signature = method.getName() + List.of(method.getParameterTypes());
                if (!method.isBridge() && !method.isSynthetic() && (!overridable || seen.add(signature))) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }
}
