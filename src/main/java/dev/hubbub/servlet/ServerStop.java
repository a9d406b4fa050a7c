package dev.hubbub.servlet;

import jakarta.servlet.ServletContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Jetty and GlassFish, when they are stopped themselves, close the connections before they end the applications: nobody could be
 * told any more. But they tell whoever asks before they begin.
 */
final class ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private ServerStop() {}

    /**
     * @param stopping is run before the server's connections are closed, and may take a while; elsewhere it is never run
     * @return what ends this, and must be run before the application is gone
     */
    static Runnable watch(ServletContext context, Runnable stopping) {
        String type = context.getClass().getName();
        try {
            if (type.startsWith("org.eclipse.jetty.")) {
                return jetty(context, stopping);
            }
            if (context.getServerInfo().contains("GlassFish")) {
                return glassFish(ServerStop.class.getClassLoader(), stopping);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Clients will not be told when this server stops", e);
        }
        return () -> {};
    }

    private static Runnable jetty(ServletContext context, Runnable stopping) throws ReflectiveOperationException {
        Object handler = call(context, "getContextHandler");
        Object server = call(handler, "getServer");
        Object listener = listener(
                server.getClass().getClassLoader(),
                "org.eclipse.jetty.util.component.LifeCycle$Listener",
                (method, argument) -> method.equals("lifeCycleStopping"),
                stopping);
        return register(server, "addEventListener", "removeEventListener", java.util.EventListener.class, listener);
    }

    private static Runnable glassFish(ClassLoader loader, Runnable stopping) throws ReflectiveOperationException {
        Class<?> events = loader.loadClass("org.glassfish.api.event.Events");
        Object all = loader.loadClass("org.glassfish.internal.api.Globals")
                .getMethod("get", Class.class)
                .invoke(null, events);
        Object listener = listener(
                loader,
                "org.glassfish.api.event.EventListener",
                (method, event) -> method.equals("event") && "prepare_shutdown".equals(call(event, "name")),
                stopping);
        return register(
                all, "register", "unregister", loader.loadClass("org.glassfish.api.event.EventListener"), listener);
    }

    @FunctionalInterface
    private interface Sign {
        boolean means(String method, Object argument) throws ReflectiveOperationException;
    }

    private static Object listener(ClassLoader loader, String type, Sign sign, Runnable stopping)
            throws ReflectiveOperationException {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "Hubbub";
                };
            }
            if (sign.means(method.getName(), arguments[0])) {
                stopping.run();
            }
            return null;
        };
        return Proxy.newProxyInstance(loader, new Class<?>[] {loader.loadClass(type)}, handler);
    }

    private static Runnable register(Object source, String add, String remove, Class<?> type, Object listener)
            throws ReflectiveOperationException {
        Method removal = source.getClass().getMethod(remove, type);
        source.getClass().getMethod(add, type).invoke(source, listener);
        return () -> {
            try {
                removal.invoke(source, listener);
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.WARNING, "The server keeps a listener of this application", e);
            }
        };
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        Method found = target.getClass().getMethod(method);
        return found.invoke(target);
    }
}
