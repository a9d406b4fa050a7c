package dev.hubbub.servlet;

import jakarta.servlet.ServletContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.EventListener;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.management.AttributeChangeNotification;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.NotificationListener;
import javax.management.ObjectName;

/**
 * Some servers, when they are stopped themselves, close the connections before they end the applications, and nobody could be told
 * any more. But each has its way to tell whoever asks before it begins. Tomcat, TomEE and Payara need nothing of this.
 */
final class ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private ServerStop() {}

    /**
     * @param drain is run before the server closes its connections, and may take a while
     * @param reopen is run if the server, which was only suspended, goes on
     * @return what ends this, and must be run before the application is gone
     */
    static Runnable watch(ServletContext context, Runnable drain, Runnable reopen) {
        try {
            String type = context.getClass().getName();
            if (type.startsWith("org.eclipse.jetty.")) {
                return jetty(context, drain);
            }
            if (type.startsWith("com.ibm.ws.")) {
                return liberty(context.getClass(), drain);
            }
            if (context.getServerInfo().contains("GlassFish")) {
                return glassFish(drain);
            }
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName wildFly = new ObjectName("jboss.root:type=state");
            if (server.isRegistered(wildFly)) {
                return wildFly(server, wildFly, drain, reopen);
            }
        } catch (ReflectiveOperationException | JMException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Clients will not be told when this server stops", e);
        }
        return () -> {};
    }

    private static Runnable jetty(ServletContext context, Runnable drain) throws ReflectiveOperationException {
        Object handler = context.getClass().getMethod("getContextHandler").invoke(context);
        Object server = handler.getClass().getMethod("getServer").invoke(handler);
        Class<?> type =
                server.getClass().getClassLoader().loadClass("org.eclipse.jetty.util.component.LifeCycle$Listener");
        Object listener = listener(type, "lifeCycleStopping", drain);
        server.getClass().getMethod("addEventListener", EventListener.class).invoke(server, listener);
        Method remove = server.getClass().getMethod("removeEventListener", EventListener.class);
        return () -> end(remove, server, listener);
    }

    /**
     * Its classes are seen by applications. What is registered there stays for good, because its {@code unregister()} looks for
     * the wrong thing; so that is something of the JDK's alone, which only refers to what is ours.
     */
    private static Runnable glassFish(Runnable drain) throws ReflectiveOperationException {
        ClassLoader loader = ServerStop.class.getClassLoader();
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

    /** As an OSGi service, which Open Liberty calls while it quiesces; meanwhile it closes connections itself. */
    private static Runnable liberty(Class<?> ofServer, Runnable drain) throws ReflectiveOperationException {
        ClassLoader ofBundle = ofServer.getClassLoader();
        Object bundle = ofBundle.getClass().getMethod("getBundle").invoke(ofBundle);
        ClassLoader loader = bundle.getClass().getClassLoader();
        Class<?> bundleType = loader.loadClass("org.osgi.framework.Bundle");
        Class<?> contextType = loader.loadClass("org.osgi.framework.BundleContext");
        Object bundles = bundleType.getMethod("getBundleContext").invoke(bundle);
        Class<?> type = null;
        for (Object other : (Object[]) contextType.getMethod("getBundles").invoke(bundles)) {
            if ("com.ibm.ws.kernel.service"
                    .equals(bundleType.getMethod("getSymbolicName").invoke(other))) {
                type = (Class<?>) bundleType
                        .getMethod("loadClass", String.class)
                        .invoke(other, "com.ibm.wsspi.kernel.service.utils.ServerQuiesceListener");
            }
        }
        if (type == null) {
            throw new ClassNotFoundException("ServerQuiesceListener");
        }
        Object listener = listener(type, "serverStopping", drain);
        Object registration = contextType
                .getMethod("registerService", String.class, Object.class, Dictionary.class)
                .invoke(bundles, type.getName(), listener, null);
        Method unregister =
                loader.loadClass("org.osgi.framework.ServiceRegistration").getMethod("unregister");
        return () -> end(unregister, registration);
    }

    /** Its management suspends a server before it stops, or without; that comes by JMX, on the thread that stops it. */
    private static Runnable wildFly(MBeanServer server, ObjectName state, Runnable drain, Runnable reopen)
            throws JMException {
        NotificationListener listener = (notification, nothing) -> {
            if (notification instanceof AttributeChangeNotification change
                    && change.getAttributeName().equals("RunningState")) {
                if (Set.of("suspending", "stopping").contains(change.getNewValue())) {
                    drain.run();
                } else if (Set.of("normal", "running").contains(change.getNewValue())) {
                    reopen.run();
                }
            }
        };
        server.addNotificationListener(state, listener, null, null);
        return () -> {
            try {
                server.removeNotificationListener(state, listener);
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Object listener(Class<?> type, String means, Runnable drain) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "Hubbub";
                };
            }
            if (method.getName().equals(means)) {
                drain.run();
            }
            return null;
        };
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static void end(Method method, Object target, Object... arguments) {
        try {
            method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            LOG.log(System.Logger.Level.WARNING, "The server keeps a listener of this application", e);
        }
    }
}
