package dev.hubbub.servlet;

import dev.hubbub.EventHandlers;
import dev.hubbub.http.EventStreamServlet;
import dev.hubbub.http.PollServlet;
import dev.hubbub.http.SendServlet;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.socketio.EngineFilter;
import dev.hubbub.socketio.EngineServlet;
import dev.hubbub.websocket.OpeningRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.HandlesTypes;
import java.util.EnumSet;
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
        context.addListener(OpeningRequest.class);
        addServlets(context);
        FilterRegistration.Dynamic filter = context.addFilter("hubbub-socket.io-handshakes", EngineFilter.class);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, EngineEndpoint.PATH);
        filter.setAsyncSupported(true);
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
        add(context, "hubbub-health", HealthServlet.class, "/health");
        add(context, "hubbub-sse", EventStreamServlet.class, "/events/sse");
        add(context, "hubbub-poll", PollServlet.class, "/events/poll");
        add(context, "hubbub-send", SendServlet.class, "/events/send");
        add(context, "hubbub-socket.io", EngineServlet.class, EngineEndpoint.PATH);
    }

    private static void add(ServletContext context, String name, Class<? extends Servlet> type, String path) {
        ServletRegistration.Dynamic servlet = context.addServlet(name, type);
        if (servlet != null) { // else the application has one of this name, and prefers it
            servlet.addMapping(path);
            servlet.setAsyncSupported(true);
        }
    }
}
