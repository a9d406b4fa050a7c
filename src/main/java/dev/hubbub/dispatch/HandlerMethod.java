package dev.hubbub.dispatch;

import dev.hubbub.EventException;
import dev.hubbub.Hub;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEmpty;
import dev.hubbub.OnError;
import dev.hubbub.OnEvent;
import dev.hubbub.OnJoin;
import dev.hubbub.OnLeave;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import dev.hubbub.access.RoomPattern;
import dev.hubbub.hub.Durations;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** A handler: one annotated method and the object on which it is called. */
final class HandlerMethod {
    /** What a handler is called for. */
    enum Kind {
        EVENT(OnEvent.class),
        CONNECT(OnConnect.class),
        DISCONNECT(OnDisconnect.class),
        ERROR(OnError.class),
        START(OnStart.class),
        STOP(OnStop.class),
        JOIN(OnJoin.class),
        LEAVE(OnLeave.class),
        EMPTY(OnEmpty.class);

        final Class<? extends Annotation> annotation;

        Kind(Class<? extends Annotation> annotation) {
            this.annotation = annotation;
        }
    }

    private final Method method;
    private final Object instance;
    private final MethodHandle handle;
    private final Parameter[] parameters;
    private final boolean blocking;
    private final boolean hasResult;
    private final Permission permission;
    private final RoomPattern rooms;
    private final LongAdder calls = new LongAdder();
    /** Null if calls are not measured. Set before the first call. */
    private Durations durations;
    /** Null if nobody checks calls while they run. Set before the first call. */
    private RunningCalls watch;
    /** Null if no parameter has constraints. Set before the first call. */
    private DataValidator validator;

    /** @throws HandlerException if the method cannot be a handler of this kind */
    HandlerMethod(Kind kind, Method method, Object instance, Hub hub) {
        this.method = method;
        this.instance = instance;
        parameters = parameters(kind, method, hub);
        OnEvent event = method.getAnnotation(OnEvent.class);
        blocking = event == null || event.blocking();
        permission = Permission.of(method);
        hasResult = !isVoid(method.getGenericReturnType());
        rooms = rooms(kind, method);
        if (Modifier.isStatic(method.getModifiers())) {
            throw new HandlerException(describe(method) + " is static; a handler must not be static");
        }
        try {
            method.setAccessible(true);
            MethodHandle bound = MethodHandles.lookup().unreflect(method).bindTo(instance);
            handle = bound.asSpreader(Object[].class, parameters.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (IllegalAccessException | RuntimeException e) {
            throw new HandlerException(describe(method) + " cannot be called: " + e.getMessage(), e);
        }
    }

    /** @throws Throwable what the handler throws, and EventException if the event lacks one of its arguments */
    Object call(Call call) throws Throwable {
        calls.increment();
        if (watch == null) {
            return measured(call);
        }
        RunningCalls.Running running = watch.begin(this);
        try {
            return measured(call);
        } finally {
            watch.end(running);
        }
    }

    private Object measured(Call call) throws Throwable {
        if (durations == null) {
            return invoke(call);
        }
        long start = System.nanoTime();
        try {
            return invoke(call);
        } finally {
            durations.record(System.nanoTime() - start);
        }
    }

    private Object invoke(Call call) throws Throwable {
        Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = parameters[i].from(call);
        }
        String problem = validator == null ? null : validator.problem(instance, method, arguments);
        if (problem != null) {
            throw new EventException(EventException.INVALID_DATA, problem);
        }
        return handle.invokeExact(arguments);
    }

    /** Measures calls from now on. */
    void measure() {
        durations = new Durations();
    }

    /** Has calls checked, while they run, from now on. */
    void watch(RunningCalls running) {
        watch = running;
    }

    /** The class that declares the method. */
    Class<?> type() {
        return method.getDeclaringClass();
    }

    /** Validates arguments from now on, if parameters have constraints. */
    void validate(DataValidator arguments) {
        if (arguments.hasConstraints(method)) {
            validator = arguments;
        }
    }

    /** How long calls took until they returned; null if they are not measured. */
    Durations durations() {
        return durations;
    }

    /** How often the handler was called. */
    long calls() {
        return calls.sum();
    }

    boolean isBlocking() {
        return blocking;
    }

    /** Whether the method returns a result, perhaps later. */
    boolean hasResult() {
        return hasResult;
    }

    private static boolean isVoid(Type type) {
        return type == void.class
                || type == Void.class
                || (type instanceof ParameterizedType stage
                        && stage.getActualTypeArguments().length == 1
                        && isVoid(stage.getActualTypeArguments()[0]));
    }

    /** The rooms for which it is called; null if it is not called for rooms. */
    RoomPattern rooms() {
        return rooms;
    }

    private static RoomPattern rooms(Kind kind, Method method) {
        String pattern = switch (kind) {
            case JOIN -> method.getAnnotation(OnJoin.class).value();
            case LEAVE -> method.getAnnotation(OnLeave.class).value();
            case EMPTY -> method.getAnnotation(OnEmpty.class).value();
            default -> null;
        };
        try {
            return pattern == null ? null : RoomPattern.parse(pattern);
        } catch (IllegalArgumentException e) {
            throw new HandlerException(describe(method) + ": " + e.getMessage());
        }
    }

    Permission permission() {
        return permission;
    }

    private static Parameter[] parameters(Kind kind, Method method, Hub hub) {
        Class<?>[] types = method.getParameterTypes();
        Type[] generic = method.getGenericParameterTypes();
        Parameter[] parameters = new Parameter[types.length];
        Class<?> payload = null;
        for (int i = 0; i < types.length; i++) {
            Set<Kind> allowed = Parameter.SPECIAL.get(types[i]);
            if (allowed == null && kind == Kind.EVENT) {
                if (payload != null) {
                    throw new HandlerException(describe(method) + " has two parameters for the event's data, "
                            + payload.getSimpleName() + " and " + types[i].getSimpleName()
                            + "; only one is allowed: combine them in a record");
                }
                payload = types[i];
                parameters[i] = Parameter.payload(generic[i], isNullable(method.getParameters()[i]));
            } else if (allowed == null || !allowed.contains(kind)) {
                throw new HandlerException(describe(method) + " has a parameter of type " + types[i].getSimpleName()
                        + ", which an @" + kind.annotation.getSimpleName() + " method cannot have");
            } else {
                parameters[i] = Parameter.special(types[i], hub);
            }
        }
        return parameters;
    }

    /** Any annotation of this name, of whatever library. Those that are not kept at run time do not count. */
    static boolean isNullable(java.lang.reflect.Parameter parameter) {
        return Stream.concat(
                        Stream.of(parameter.getAnnotations()),
                        Stream.of(parameter.getAnnotatedType().getAnnotations()))
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    /** The class and the name of the method. */
    static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }

    @Override
    public String toString() {
        return describe(method);
    }
}
