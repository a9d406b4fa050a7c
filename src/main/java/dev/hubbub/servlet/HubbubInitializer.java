package dev.hubbub.servlet;

import dev.hubbub.EventHandlers;
import dev.hubbub.websocket.RemoteAddressListener;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.HandlesTypes;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Called by the container with the handlers that it found in the application. Hubbub itself starts later, with the
 * {@link HubbubListener}: only then are CDI and WebSocket there in every container.
 */
@HandlesTypes(EventHandlers.class)
public final class HubbubInitializer implements ServletContainerInitializer {
    @Override
    public void onStartup(Set<Class<?>> handlers, ServletContext context) {
        context.addListener(new HubbubListener(ours(handlers)));
        context.addListener(RemoteAddressListener.class);
        addServlets(context);
    }

    /**
     * Containers find annotations by name, so also those of another Hubbub in a parent class loader; and they hand over
     * null for none.
     */
    private static Set<Class<?>> ours(Set<Class<?>> handlers) {
        return handlers == null
                ? Set.of()
                : handlers.stream()
                        .filter(type -> type.isAnnotationPresent(EventHandlers.class))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** The HTTP side, for any server. */
    public static void addServlets(ServletContext context) {
        ServletRegistration.Dynamic health = context.addServlet("hubbub-health", HealthServlet.class);
        if (health != null) { // else the application has one of this name, and prefers it
            health.addMapping("/health");
            health.setAsyncSupported(true);
        }
    }
}
