package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Set;

/** Starts and stops Hubbub with its web application. A failure to start is one of the deployment. */
public final class HubbubListener implements ServletContextListener {
    private final Set<Class<?>> handlers;
    private Hubbub hubbub;

    public HubbubListener(Set<Class<?>> handlers) {
        this.handlers = handlers;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Settings settings = Settings.read(Values.from(Sources.of(event.getServletContext())));
        hubbub = Hubbub.start(settings, handlers, Instances.ofThisServer(), ManagedThreads.ofThisServer(), null);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (hubbub != null) {
            hubbub.stop();
        }
    }
}
