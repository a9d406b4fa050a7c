package dev.hubbub.container.jetty;

import dev.hubbub.container.ServerStop;
import jakarta.servlet.ServletContext;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EventListener;

/** Listens to the life cycle of Jetty's {@code Server}. */
final class JettyStop implements ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final ServletContext context;

    JettyStop(ServletContext context) {
        this.context = context;
    }

    @Override
    public Runnable watch(Runnable drain, Runnable reopen) throws ReflectiveOperationException {
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
                        default -> {} // other events of the life cycle
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
}
