package dev.hubbub.servlet;

import jakarta.servlet.ServletContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Dictionary;
import java.util.function.BiConsumer;

/**
 * Open Liberty closes connections in the first moments of its stop, at the same time as it tells those of its parts that ask. But
 * it is an OSGi framework, which stops by stopping its system bundle, and a bundle event hook (OSGi Core, Bundle Hook Service)
 * is called before any listener, on the thread that stops it.
 */
final class LibertyStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final String HOOK = "org.osgi.framework.hooks.bundle.EventHook";

    /** The framework itself. */
    private static final long SYSTEM_BUNDLE = 0L;

    /** {@code BundleEvent.STOPPING}. */
    private static final int STOPPING = 0x100;

    private LibertyStop() {}

    static Runnable watch(ServletContext context, Runnable drain) throws ReflectiveOperationException {
        ClassLoader ofServer = context.getClass().getClassLoader();
        Object bundle = ofServer.getClass().getMethod("getBundle").invoke(ofServer);
        ClassLoader osgi = bundle.getClass().getClassLoader();
        Class<?> bundleType = osgi.loadClass("org.osgi.framework.Bundle");
        Class<?> event = osgi.loadClass("org.osgi.framework.BundleEvent");
        Method type = event.getMethod("getType");
        Method of = event.getMethod("getBundle");
        Method id = bundleType.getMethod("getBundleId");
        BiConsumer<Object, Object> before = (bundleEvent, contexts) -> {
            try {
                if (type.invoke(bundleEvent).equals(STOPPING)
                        && id.invoke(of.invoke(bundleEvent)).equals(SYSTEM_BUNDLE)) {
                    drain.run();
                }
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "Events of this server cannot be read", e);
            }
        };
        MethodHandle told = MethodHandles.publicLookup()
                .findVirtual(BiConsumer.class, "accept", MethodType.methodType(void.class, Object.class, Object.class))
                .bindTo(before);
        Object hook = MethodHandleProxies.asInterfaceInstance(osgi.loadClass(HOOK), told);
        Object registration = osgi.loadClass("org.osgi.framework.BundleContext")
                .getMethod("registerService", String.class, Object.class, Dictionary.class)
                .invoke(bundleType.getMethod("getBundleContext").invoke(bundle), HOOK, hook, null);
        Method unregister =
                osgi.loadClass("org.osgi.framework.ServiceRegistration").getMethod("unregister");
        return () -> {
            try {
                unregister.invoke(registration);
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "Open Liberty keeps a hook of this application", e);
            }
        };
    }
}
