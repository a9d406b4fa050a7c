package dev.hubbub.servlet;

import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.RoomPolicy;
import dev.hubbub.TokenVerifier;
import dev.hubbub.api.ApiFilter;
import dev.hubbub.app.CurrentHub;
import dev.hubbub.container.Containers;
import dev.hubbub.http.EventStreamServlet;
import dev.hubbub.http.HostFilter;
import dev.hubbub.http.PageHeaders;
import dev.hubbub.http.Pages;
import dev.hubbub.http.PollServlet;
import dev.hubbub.http.ScriptFilter;
import dev.hubbub.http.SendServlet;
import dev.hubbub.http.TicketServlet;
import dev.hubbub.socketio.ClientScripts;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.socketio.EngineFilter;
import dev.hubbub.socketio.EngineServlet;
import dev.hubbub.websocket.AdmissionFilter;
import dev.hubbub.websocket.EventsEndpoint;
import dev.hubbub.websocket.HandshakeRequestListener;
import dev.hubbub.websocket.UpgradeServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.HandlesTypes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Registers servlets, filters and listeners, with the handlers, room policies and token verifiers that the container has found.
 * Hubbub itself starts later, in {@link HubbubListener}: only then are CDI and WebSocket available in every container.
 */
@HandlesTypes({EventHandlers.class, RoomPolicy.class, TokenVerifier.class})
public final class HubbubInitializer implements ServletContainerInitializer {
    @Override
    public void onStartup(Set<Class<?>> handlers, ServletContext context) {
        context.addListener(new HubbubListener(applicationClasses(handlers)));
        context.addListener(HandshakeRequestListener.class);
        addServlets(context);
        List<String> missing = ClientScripts.missing(context);
        if (!missing.isEmpty()) {
            addServlet(context, "hubbub-socket.io-scripts", EngineServlet.class, missing.toArray(String[]::new));
        }
        add(context, "hubbub-page-headers", PageHeaders.class, "/*");
        addFilters(context);
        add(context, "hubbub-socket.io-admission", EngineFilter.class, engine(context));
        add(context, "hubbub-admission", AdmissionFilter.class, EventsEndpoint.PATH);
        add(context, "hubbub-api", ApiFilter.class, ApiFilter.PATTERNS);
        add(context, "hubbub-pages", PagesFilter.class, Pages.patterns());
    }

    /** Adds the filters that every server needs. */
    public static void addFilters(ServletContext context) {
        add(context, "hubbub-hosts", HostFilter.class, "/*");
        add(context, "hubbub-scripts", ScriptFilter.class, "/*");
    }

    private static void add(ServletContext context, String name, Class<? extends Filter> type, String... paths) {
        FilterRegistration.Dynamic filter = context.addFilter(name, type);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, paths);
        filter.setAsyncSupported(true);
    }

    /**
     * Keeps the classes that use this Hubbub. Containers find annotations by name, so they also find those of another Hubbub
     * in a parent class loader.
     *
     * @param found null if the container has found none
     */
    private static Set<Class<?>> applicationClasses(Set<Class<?>> found) {
        return found == null
                ? Set.of()
                : found.stream().filter(HubbubInitializer::usesThisHubbub).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean usesThisHubbub(Class<?> type) {
        return type.isAnnotationPresent(EventHandlers.class)
                || type.isAnnotationPresent(RoomPolicy.class)
                || TokenVerifier.class.isAssignableFrom(type);
    }

    /** Adds the servlets that every server needs, and the attribute by which {@link Hub#of} finds the hub. */
    public static void addServlets(ServletContext context) {
        context.setAttribute(Hub.class.getName(), CurrentHub.MAIN);
        addServlet(context, "hubbub-health", HealthServlet.class, HealthServlet.PATHS);
        addServlet(context, "hubbub-metrics", MetricsServlet.class, MetricsServlet.PATH);
        addServlet(context, "hubbub-admin", AdminServlet.class, AdminServlet.PATH);
        addServlet(context, "hubbub-contract", ContractServlet.class, ContractServlet.PATHS);
        addServlet(context, "hubbub-upgrade", UpgradeServlet.class, EventsEndpoint.PATH);
        addServlet(context, "hubbub-sse", EventStreamServlet.class, "/events/sse");
        addServlet(context, "hubbub-poll", PollServlet.class, "/events/poll");
        addServlet(context, "hubbub-send", SendServlet.class, "/events/send");
        addServlet(context, "hubbub-ticket", TicketServlet.class, "/ticket");
        addServlet(context, "hubbub-socket.io", EngineServlet.class, engine(context));
    }

    /** The pattern of the Socket.IO path. Open Liberty never matches an exact path that ends with a slash. */
    private static String engine(ServletContext context) {
        return Containers.ignoresTrailingSlash(context) ? EngineEndpoint.PATH + "*" : EngineEndpoint.PATH;
    }

    private static void addServlet(
            ServletContext context, String name, Class<? extends Servlet> type, String... paths) {
        ServletRegistration.Dynamic servlet = context.addServlet(name, type);
        if (servlet != null) { // null if the application has its own servlet with this name, which takes precedence
            servlet.addMapping(paths);
            servlet.setAsyncSupported(true);
        }
    }
}
