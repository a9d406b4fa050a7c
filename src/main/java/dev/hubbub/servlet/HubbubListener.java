package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.container.Containers;
import dev.hubbub.hub.ClientDescription;
import dev.hubbub.management.Management;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/** Starts and stops Hubbub with its web application. If Hubbub cannot start, the deployment fails. */
public final class HubbubListener implements ServletContextListener {
    /** The attribute of the WebSocket container (Jakarta WebSocket 2.1, section 6.4). */
    private static final String WEBSOCKETS = "jakarta.websocket.server.ServerContainer";

    private final Set<Class<?>> handlers;
    private Hubbub hubbub;
    private Management management;
    private Runnable stopWatching;

    public HubbubListener(Set<Class<?>> handlers) {
        this.handlers = handlers;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        if (event.getServletContext().getAttribute(WEBSOCKETS) == null) {
            throw new IllegalStateException(
                    "Hubbub needs Jakarta WebSocket 2.1, which is missing or disabled on this server ("
                            + event.getServletContext().getServerInfo()
                            + "). Add the server's module or feature for WebSocket");
        }
        Settings settings = Settings.read(Values.from(Sources.of(event.getServletContext())));
        ThreadFactory threads = ManagedThreads.ofThisServer();
        ClientDescription.context(event.getServletContext().getContextPath());
        hubbub = Hubbub.start(settings, handlers, Instances.ofThisServer(), threads, null);
        try {
            Validation.use(hubbub);
            HandlerClasses.warnOfUnmarked(event.getServletContext(), handlers);
            hubbub.hub().useTransactions(TransactionLookup.ofThisServer());
            management = Management.of(hubbub, event.getServletContext().getContextPath(), threads);
            stopWatching = Containers.watchStop(event.getServletContext(), hubbub::drain, hubbub::reopen);
        } catch (RuntimeException | Error e) {
            // Not every container destroys a context that it could not initialize.
            stop();
            throw e;
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        stop();
    }

    private void stop() {
        if (stopWatching != null) {
            stopWatching.run();
            stopWatching = null;
        }
        if (hubbub != null) {
            hubbub.stop();
            hubbub = null;
        }
        if (management != null) {
            management.close();
            management = null;
        }
    }
}
