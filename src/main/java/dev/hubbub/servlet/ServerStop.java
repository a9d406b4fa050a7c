package dev.hubbub.servlet;

import jakarta.servlet.ServletContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
 * Jetty, GlassFish and WildFly, when they are stopped themselves, close the connections before they end the applications, and
 * nobody could be told any more; but they tell whoever asks before they begin. Tomcat, TomEE and Payara need nothing of this.
 * Open Liberty says it, too, but goes on closing meanwhile.
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
        Object listener =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "lifeCycleStopping" -> drain.run();
                        case "equals" -> {
                            return proxy == arguments[0];
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(proxy);
                        }
                        case "toString" -> {
                            return "Hubbub";
                        }
                        default -> {} // other parts of its life
                    }
                    return null;
                });
        server.getClass().getMethod("addEventListener", EventListener.class).invoke(server, listener);
        Method remove = server.getClass().getMethod("removeEventListener", EventListener.class);
        return () -> {
            try {
                remove.invoke(server, listener);
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "Jetty keeps a listener of this application", e);
            }
        };
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
                LOG.log(System.Logger.Level.WARNING, "WildFly keeps a listener of this application", e);
            }
        };
    }
}
