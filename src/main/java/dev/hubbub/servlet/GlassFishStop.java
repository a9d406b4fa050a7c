package dev.hubbub.servlet;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * GlassFish, whose classes are seen by applications, has an event for it. What is registered there stays for good, because its
 * {@code unregister()} looks for the wrong thing; so that is something of the JDK's alone, which only refers to what is ours.
 */
final class GlassFishStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private GlassFishStop() {}

    static Runnable watch(Runnable drain) throws ReflectiveOperationException {
        ClassLoader loader = GlassFishStop.class.getClassLoader();
        Class<?> events = loader.loadClass("org.glassfish.api.event.Events");
        Class<?> type = loader.loadClass("org.glassfish.api.event.EventListener");
        Method name =
                loader.loadClass("org.glassfish.api.event.EventListener$Event").getMethod("name");
        AtomicReference<Function<Object, Object>> ours = new AtomicReference<>(event -> {
            try {
                if ("prepare_shutdown".equals(name.invoke(event))) {
                    drain.run();
                }
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "Events of this server cannot be read", e);
            }
            return null;
        });
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodHandle get = lookup.bind(ours, "get", MethodType.methodType(Object.class));
        MethodHandle apply =
                lookup.findVirtual(Function.class, "apply", MethodType.methodType(Object.class, Object.class));
        MethodHandle told = MethodHandles.foldArguments(apply, get.asType(MethodType.methodType(Function.class)));
        Object all = loader.loadClass("org.glassfish.internal.api.Globals")
                .getMethod("get", Class.class)
                .invoke(null, events);
        events.getMethod("register", type).invoke(all, MethodHandleProxies.asInterfaceInstance(type, told));
        return () -> ours.set(Function.identity());
    }
}
