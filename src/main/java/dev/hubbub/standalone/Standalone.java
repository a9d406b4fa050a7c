package dev.hubbub.standalone;

import dev.hubbub.api.ApiServlet;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.hub.ClientDescription;
import dev.hubbub.management.Management;
import dev.hubbub.servlet.HubbubInitializer;
import dev.hubbub.servlet.Instances;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.websocket.EventsEndpoint;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.ServerConfiguration;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.servlet.WebappContext;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/** The standalone server: Grizzly with a servlet context, Tyrus and the static files on one port. */
public final class Standalone implements AutoCloseable {
    /** The time that requests and closing handshakes have to complete when the server stops. */
    private static final int SHUTDOWN_SECONDS = 2;

    /** How often time-outs of connections are checked. */
    private static final int CHECK_MILLIS = 250;

    /** How often it is checked whether the files of the certificate were renewed. */
    private static final int RELOAD_SECONDS = 5;

    private final String host;
    private final boolean secure;
    private final HttpServer http = new HttpServer();
    private final WebappContext context = new WebappContext("hubbub", "");
    private final TyrusContainer webSockets = new TyrusContainer();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "hubbub-http-timeouts");
        thread.setDaemon(true);
        return thread;
    });
    private final AccessLog accessLog;
    private ExecutorService workers;
    private Hubbub hubbub;
    private Management management;

    /**
     * @param tls null for http and ws
     * @param accessLog null for none
     */
    private Standalone(String host, int port, TlsKeys tls, AccessLog accessLog) {
        this.host = host;
        this.accessLog = accessLog;
        this.secure = tls != null;
        NetworkListener listener = new NetworkListener("hubbub", host, port);
        // The selector threads read frames, run servlets and run handlers that do not block, which saves passing each
        // event
        // to another thread. Handlers that may block run on our workers. Grizzly (4.0.2) has worker threads for
        // servlets,
        // but it hangs if one of them reads a body while its selector receives more of it.
        listener.getTransport().setIOStrategy(new AcceptingStrategy(clock));
        listener.getTransport().setWorkerThreadPoolConfig(null);
        listener.getTransport().setSelectorHandler(new WritingSelectorHandler());
        // Grizzly starts half as many again, which only take turns on the processors.
        listener.getTransport().setSelectorRunnersCount(Runtime.getRuntime().availableProcessors());
        // HttpTimeouts closes idle connections.
        listener.getKeepAlive().setIdleTimeoutInSeconds(-1);
        listener.getKeepAlive().setMaxRequestsCount(-1);
        if (secure) {
            listener.setSecure(true);
            listener.setSSLEngineConfig(Tls.configuration(tls));
            clock.scheduleWithFixedDelay(tls::reload, RELOAD_SECONDS, RELOAD_SECONDS, TimeUnit.SECONDS);
        }
        listener.registerAddOn((networkListener, filters) -> configure(filters));
        listener.registerAddOn(webSockets.addOn());
        http.addListener(listener);
        ServerConfiguration configuration = http.getServerConfiguration();
        configuration.addHttpHandler(new StaticFiles(filesLoader()), "/");
        configuration.setHttpServerName(null); // which Grizzly would tell in the header Server
        configuration.setDefaultErrorPageGenerator(
                (request, status, reason, description, failure) -> "<!DOCTYPE html><title>" + status + "</title><h1>"
                        + status + " " + HttpStatus.getHttpStatus(status).getReasonPhrase() + "</h1>");
        HubbubInitializer.addServlets(context);
        HubbubInitializer.addFilters(context);
        var api = context.addServlet("hubbub-api", ApiServlet.class);
        api.addMapping(ApiServlet.PATTERN);
        api.setAsyncSupported(true);
    }

    /** Finds the files of the application's jars, if there are some, before our own. */
    private static ClassLoader filesLoader() {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        return application == null ? Standalone.class.getClassLoader() : application;
    }

    private void configure(FilterChainBuilder filters) {
        Settings settings = hubbub.settings();
        HttpTimeouts timeouts = new HttpTimeouts(settings.requestTimeout(), settings.keepAliveTimeout());
        ResponseHeaders headers = new ResponseHeaders(hubbub);
        filters.remove(filters.indexOfType(IdleTimeoutFilter.class));
        int index = filters.indexOfType(HttpServerFilter.class);
        HttpServerFilter codec = (HttpServerFilter) filters.get(index);
        codec.getMonitoringConfig().addProbes(timeouts.probe(), headers.onInvalidRequest());
        if (accessLog != null) {
            codec.getMonitoringConfig().addProbes(accessLog);
        }
        ChunkedBody.install(codec);
        filters.add(index, new FrameFilter());
        filters.add(index + 2, timeouts);
        filters.add(index + 3, headers);
        filters.add(index + 4, new UpgradeFilter());
        clock.scheduleWithFixedDelay(timeouts::closeExpired, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * @param port 0 for any free port
     * @param tls null for http and ws
     * @param accessLog the file that lists the requests; null for none
     * @param handlers the classes of the application
     * @throws IOException if the port is unavailable, or a file cannot be read or written
     * @throws RuntimeException if a setting or a handler is invalid; the message says which
     */
    static Standalone start(String host, int port, Tls tls, Path accessLog, Set<Class<?>> handlers) throws IOException {
        TlsKeys keys = tls == null ? null : new TlsKeys(tls);
        AccessLog log = accessLog == null ? null : AccessLog.open(accessLog);
        return start(new Standalone(host, port, keys, log), handlers, context -> {});
    }

    static Standalone start(String host, int port, Tls tls, Set<Class<?>> handlers) throws IOException {
        return start(host, port, tls, (Path) null, handlers);
    }

    /** @param servlets adds servlets to the context */
    static Standalone start(String host, int port, Tls tls, Set<Class<?>> handlers, Consumer<ServletContext> servlets)
            throws IOException {
        TlsKeys keys = tls == null ? null : new TlsKeys(tls);
        return start(new Standalone(host, port, keys, null), handlers, servlets);
    }

    private static Standalone start(Standalone server, Set<Class<?>> handlers, Consumer<ServletContext> servlets)
            throws IOException {
        try {
            servlets.accept(server.context);
            server.start(handlers);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void start(Set<Class<?>> handlers) throws IOException {
        Settings settings = Settings.read(Values.from());
        workers = Workers.start(settings.virtualThreads());
        ClientDescription.context("");
        // Not in a ServletContextListener, because Grizzly only logs its exceptions.
        hubbub = Hubbub.start(settings, handlers, Instances::construct, Thread::new, workers);
        management = Management.of(hubbub, "", Thread::new);
        context.deploy(http);
        try {
            webSockets.addEndpoint(EventsEndpoint.class);
            webSockets.addEndpoint(EngineEndpoint.class);
            webSockets.start("/", 0);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
        http.start();
    }

    public int port() {
        return http.getListener("hubbub").getPort();
    }

    public URI url() {
        return URI.create((secure ? "https://" : "http://") + authority() + "/");
    }

    public URI eventsUrl() {
        return URI.create((secure ? "wss://" : "ws://") + authority() + "/events");
    }

    private String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** Disconnects the clients with 1012, waits for the closing handshakes, and stops the server. */
    @Override
    public void close() {
        if (hubbub != null) {
            hubbub.stop();
        }
        if (management != null) {
            management.close();
        }
        try {
            http.shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            System.getLogger("dev.hubbub")
                    .log(System.Logger.Level.WARNING, "The HTTP server has not stopped cleanly", e);
        }
        clock.shutdown();
        webSockets.stop();
        if (workers != null) {
            workers.shutdown();
        }
        if (accessLog != null) {
            accessLog.close();
        }
    }
}
