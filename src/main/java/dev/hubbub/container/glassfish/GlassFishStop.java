package dev.hubbub.container.glassfish;

import dev.hubbub.container.ServerStop;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Listens for GlassFish's event {@code prepare_shutdown}; applications can load the classes that this takes. A listener stays
 * registered for ever, because {@code unregister()} of GlassFish looks for the wrong object. So that the application can be
 * unloaded, the listener consists of classes of the JDK only and holds an exchangeable reference to Hubbub's code.
 */
final class GlassFishStop implements ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    @Override
    public Runnable watch(Runnable drain, Runnable reopen) throws ReflectiveOperationException {
        ClassLoader loader = GlassFishStop.class.getClassLoader();
        Class<?> events = loader.loadClass("org.glassfish.api.event.Events");
        Class<?> type = loader.loadClass("org.glassfish.api.event.EventListener");
        Method name =
                loader.loadClass("org.glassfish.api.event.EventListener$Event").getMethod("name");
        AtomicReference<Function<Object, Object>> handler = new AtomicReference<>(event -> {
            try {
                if ("prepare_shutdown".equals(name.invoke(event))) {
                    drain.run();
                }
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "The events of this server are unknown", e);
            }
            return null;
        });
        Object registry = loader.loadClass("org.glassfish.internal.api.Globals")
                .getMethod("get", Class.class)
                .invoke(null, events);
        Object listener = MethodHandleProxies.asInterfaceInstance(type, calling(handler));
        events.getMethod("register", type).invoke(registry, listener);
        return () -> handler.set(Function.identity());
    }

    /** Calls the function that the reference holds at the time of the call. */
    private static MethodHandle calling(AtomicReference<Function<Object, Object>> handler)
            throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodHandle get = lookup.bind(handler, "get", MethodType.methodType(Object.class));
        MethodHandle apply =
                lookup.findVirtual(Function.class, "apply", MethodType.methodType(Object.class, Object.class));
        return MethodHandles.foldArguments(apply, get.asType(MethodType.methodType(Function.class)));
    }
}
