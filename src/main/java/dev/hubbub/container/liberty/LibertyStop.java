package dev.hubbub.container.liberty;

import dev.hubbub.container.ServerStop;
import jakarta.servlet.ServletContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Dictionary;
import java.util.function.BiConsumer;

/**
 * Registers an OSGi bundle event hook. Open Liberty closes connections in the first moments of its stop, while it notifies its own
 * components, so a listener would be too late. But it is an OSGi framework, which stops by stopping its system bundle, and a bundle
 * event hook (OSGi Core, Bundle Hook Service) is called before any listener, on the thread that stops it.
 */
final class LibertyStop implements ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final String HOOK = "org.osgi.framework.hooks.bundle.EventHook";

    /** Its id in every OSGi framework. */
    private static final long SYSTEM_BUNDLE = 0L;

    /** {@code BundleEvent.STOPPING}. */
    private static final int STOPPING = 0x100;

    private final ServletContext context;

    LibertyStop(ServletContext context) {
        this.context = context;
    }

    @Override
    public Runnable watch(Runnable drain, Runnable reopen) throws ReflectiveOperationException {
        ClassLoader serverLoader = context.getClass().getClassLoader();
        Object bundle = serverLoader.getClass().getMethod("getBundle").invoke(serverLoader);
        ClassLoader osgi = bundle.getClass().getClassLoader();
        Class<?> bundleType = osgi.loadClass("org.osgi.framework.Bundle");
        Class<?> event = osgi.loadClass("org.osgi.framework.BundleEvent");
        Method type = event.getMethod("getType");
        Method bundleOf = event.getMethod("getBundle");
        Method id = bundleType.getMethod("getBundleId");
        BiConsumer<Object, Object> handler = (bundleEvent, contexts) -> {
            try {
                if (type.invoke(bundleEvent).equals(STOPPING)
                        && id.invoke(bundleOf.invoke(bundleEvent)).equals(SYSTEM_BUNDLE)) {
                    drain.run();
                }
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "The events of this server are unknown", e);
            }
        };
        MethodHandle call = MethodHandles.publicLookup()
                .findVirtual(BiConsumer.class, "accept", MethodType.methodType(void.class, Object.class, Object.class))
                .bindTo(handler);
        Object hook = MethodHandleProxies.asInterfaceInstance(osgi.loadClass(HOOK), call);
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
