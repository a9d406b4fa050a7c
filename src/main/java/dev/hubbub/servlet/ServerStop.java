package dev.hubbub.servlet;

import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.EventListener;
import java.util.Set;
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
        Object listener = listener(type, "lifeCycleStopping", argument -> true, drain);
        server.getClass().getMethod("addEventListener", EventListener.class).invoke(server, listener);
        Method remove = server.getClass().getMethod("removeEventListener", EventListener.class);
        return () -> end(remove, server, listener);
    }

    /** Its classes are seen by applications. */
    private static Runnable glassFish(Runnable drain) throws ReflectiveOperationException {
        ClassLoader loader = ServerStop.class.getClassLoader();
        Class<?> events = loader.loadClass("org.glassfish.api.event.Events");
        Class<?> type = loader.loadClass("org.glassfish.api.event.EventListener");
        Method name =
                loader.loadClass("org.glassfish.api.event.EventListener$Event").getMethod("name");
        Object all = loader.loadClass("org.glassfish.internal.api.Globals")
                .getMethod("get", Class.class)
                .invoke(null, events);
        Object listener = listener(type, "event", event -> "prepare_shutdown".equals(name.invoke(event)), drain);
        events.getMethod("register", type).invoke(all, listener);
        Method unregister = events.getMethod("unregister", type);
        return () -> end(unregister, all, listener);
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
        Object listener = listener(type, "serverStopping", argument -> true, drain);
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

    @FunctionalInterface
    private interface Condition {
        boolean holds(Object argument) throws ReflectiveOperationException;
    }

    private static Object listener(Class<?> type, String means, Condition condition, Runnable drain) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "Hubbub";
                };
            }
            if (method.getName().equals(means) && condition.holds(arguments == null ? null : arguments[0])) {
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
