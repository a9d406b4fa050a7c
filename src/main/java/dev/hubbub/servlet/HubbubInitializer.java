package dev.hubbub.servlet;

import dev.hubbub.EventHandlers;
import dev.hubbub.RoomPolicy;
import dev.hubbub.TokenVerifier;
import dev.hubbub.http.EventStreamServlet;
import dev.hubbub.http.PageHeaders;
import dev.hubbub.http.PollServlet;
import dev.hubbub.http.SendServlet;
import dev.hubbub.http.TicketServlet;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.socketio.EngineFilter;
import dev.hubbub.socketio.EngineServlet;
import dev.hubbub.websocket.AdmissionFilter;
import dev.hubbub.websocket.EventsEndpoint;
import dev.hubbub.websocket.HandshakeRequestListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
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
 * Called by the container with what it found in the application. Hubbub itself starts later, with the
 * {@link HubbubListener}: only then are CDI and WebSocket there in every container.
 */
@HandlesTypes({EventHandlers.class, RoomPolicy.class, TokenVerifier.class})
public final class HubbubInitializer implements ServletContainerInitializer {
    @Override
    public void onStartup(Set<Class<?>> handlers, ServletContext context) {
        context.addListener(new HubbubListener(ours(handlers)));
        context.addListener(HandshakeRequestListener.class);
        addServlets(context);
        add(context, "hubbub-page-headers", PageHeaders.class, "/*");
        add(context, "hubbub-socket.io-admission", EngineFilter.class, engine(context));
        add(context, "hubbub-admission", AdmissionFilter.class, EventsEndpoint.PATH);
    }

    private static void add(ServletContext context, String name, Class<? extends Filter> type, String... paths) {
        FilterRegistration.Dynamic filter = context.addFilter(name, type);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, paths);
        filter.setAsyncSupported(true);
    }

    /**
     * Containers find annotations by name, so also those of another Hubbub in a parent class loader; and they hand over
     * null for none.
     */
    private static Set<Class<?>> ours(Set<Class<?>> handlers) {
        return handlers == null
                ? Set.of()
                : handlers.stream().filter(HubbubInitializer::isOurs).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isOurs(Class<?> type) {
        return type.isAnnotationPresent(EventHandlers.class)
                || type.isAnnotationPresent(RoomPolicy.class)
                || TokenVerifier.class.isAssignableFrom(type);
    }

    /** The HTTP side, for any server. */
    public static void addServlets(ServletContext context) {
        addServlet(context, "hubbub-health", HealthServlet.class, HealthServlet.PATH, HealthServlet.LIVE);
        addServlet(context, "hubbub-sse", EventStreamServlet.class, "/events/sse");
        addServlet(context, "hubbub-poll", PollServlet.class, "/events/poll");
        addServlet(context, "hubbub-send", SendServlet.class, "/events/send");
        addServlet(context, "hubbub-ticket", TicketServlet.class, "/ticket");
        addServlet(context, "hubbub-socket.io", EngineServlet.class, engine(context));
    }

    /** Open Liberty never matches a pattern that is a path with a slash at its end. */
    private static String engine(ServletContext context) {
        boolean liberty = context.getClass().getName().startsWith("com.ibm.ws.");
        return liberty ? EngineEndpoint.PATH + "*" : EngineEndpoint.PATH;
    }

    private static void addServlet(
            ServletContext context, String name, Class<? extends Servlet> type, String... paths) {
        ServletRegistration.Dynamic servlet = context.addServlet(name, type);
        if (servlet != null) { // else the application has one of this name, and prefers it
            servlet.addMapping(paths);
            servlet.setAsyncSupported(true);
        }
    }
}
