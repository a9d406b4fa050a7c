package dev.hubbub.standalone;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.http.PageHeaders;
import dev.hubbub.management.Management;
import dev.hubbub.servlet.HubbubInitializer;
import dev.hubbub.servlet.Instances;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.websocket.EventsEndpoint;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.server.CLStaticHttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.servlet.WebappContext;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;

/** A running server: Grizzly with a servlet context, Tyrus and the static files on one port. */
public final class Standalone implements AutoCloseable {
    private static final int GOODBYE_SECONDS = 2;

    private final String host;
    private final boolean secure;
    private final HttpServer http = new HttpServer();
    private final WebappContext context = new WebappContext("hubbub", "");
    private final TyrusContainer webSockets = new TyrusContainer();
    private ExecutorService workers;
    private Hubbub hubbub;
    private Management management;

    private Standalone(String host, int port, SSLEngineConfigurator tls) {
        this.host = host;
        this.secure = tls != null;
        NetworkListener listener = new NetworkListener("hubbub", host, port);
        // Frames are read, servlets serve and quick handlers run on the selectors' threads, which saves a hand-over for
        // each event; handlers that may block go to our workers. Grizzly (4.0.2) has its own for servlets, but hangs if
        // one of them reads a body while its selector brings more of it.
        listener.getTransport().setIOStrategy(SameThreadIOStrategy.getInstance());
        listener.getTransport().setWorkerThreadPoolConfig(null);
        // A WebSocket is idle for as long as nobody talks; the heartbeat finds the dead ones.
        listener.getKeepAlive().setIdleTimeoutInSeconds(-1);
        listener.getKeepAlive().setMaxRequestsCount(-1);
        if (secure) {
            listener.setSecure(true);
            listener.setSSLEngineConfig(tls);
        }
        listener.registerAddOn((networkListener, filters) ->
                filters.add(filters.indexOfType(HttpServerFilter.class) + 1, new IgnoreOtherUpgrades()));
        listener.registerAddOn(webSockets.addOn());
        http.addListener(listener);
        http.getServerConfiguration().addHttpHandler(new Pages(), "/");
        HubbubInitializer.addServlets(context);
    }

    /** The static files. Filters do not see them. */
    private static final class Pages extends CLStaticHttpHandler {
        Pages() {
            super(Standalone.class.getClassLoader(), "META-INF/resources/");
        }

        @Override
        public void service(Request request, Response response) throws Exception {
            if (Hubbub.current().settings().pageHeaders()) {
                PageHeaders.ALL.forEach(response::setHeader);
            }
            super.service(request, response);
        }
    }

    /**
     * @param port 0 takes a free one
     * @param tls null for http and ws
     * @param handlers the application's classes
     * @throws IOException if the port is not to be had
     * @throws RuntimeException if a setting or a handler is wrong; the message says which
     */
    static Standalone start(String host, int port, Tls tls, Set<Class<?>> handlers) throws IOException {
        return start(host, port, tls, handlers, context -> {});
    }

    /** @param servlets adds servlets of its own */
    static Standalone start(String host, int port, Tls tls, Set<Class<?>> handlers, Consumer<ServletContext> servlets)
            throws IOException {
        Standalone server = new Standalone(host, port, tls == null ? null : tls.configuration());
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
        // Not by a listener of the context, whose failures Grizzly only logs.
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

    /** Tells the clients to come back later (1012), lets the goodbyes go out, and ends. */
    @Override
    public void close() {
        if (hubbub != null) {
            hubbub.stop();
            management.close();
        }
        try {
            http.shutdown(GOODBYE_SECONDS, TimeUnit.SECONDS).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            System.getLogger("dev.hubbub").log(System.Logger.Level.WARNING, "The server did not stop cleanly", e);
        }
        webSockets.stop();
        if (workers != null) {
            workers.shutdown();
        }
    }
}
