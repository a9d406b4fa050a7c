package dev.hubbub.standalone;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.container.Containers;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.socketio.EngineHandshakeConfigurator;
import dev.hubbub.websocket.HandshakeRequestListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.AddOn;
import org.glassfish.tyrus.container.grizzly.server.WebSocketAddOn;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.ServerContainer;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.Writer;

/**
 * Tyrus on the Grizzly server of {@link Standalone}. Tyrus's own {@code Server} creates its own Grizzly, without servlets, and
 * listens on all networks whatever host is given.
 */
final class TyrusContainer extends TyrusServerContainer {
    private static final String CONTEXT_PATH = "/";

    private final WebSocketEngine engine =
            new AdmissionEngine(TyrusWebSocketEngine.builder(this).build());

    /** The request is passed on to the servlet with the same path, which answers with the reason. */
    private static final RejectedUpgrade LEFT_TO_SERVLET =
            new RejectedUpgrade(WebSocketEngine.UpgradeStatus.NOT_APPLICABLE);

    /** An upgrade that is rejected. */
    private record RejectedUpgrade(WebSocketEngine.UpgradeStatus status) implements WebSocketEngine.UpgradeInfo {
        RejectedUpgrade(RejectedException rejected, UpgradeResponse response) {
            this(WebSocketEngine.UpgradeStatus.HANDSHAKE_FAILED);
            response.setStatus(rejected.status());
            response.getHeaders().put("Content-Length", List.of("0"));
            response.getHeaders().put("Connection", List.of("close"));
            if (rejected.retryAfter() > 0) {
                response.getHeaders().put("Retry-After", List.of(Integer.toString(rejected.retryAfter())));
            }
            if (rejected.status() == 401) {
                response.getHeaders().put("WWW-Authenticate", List.of("Bearer"));
            }
        }

        @Override
        public WebSocketEngine.UpgradeStatus getStatus() {
            return status;
        }

        @Override
        public Connection createConnection(Writer writer, Connection.CloseListener listener) {
            throw new IllegalStateException("The upgrade was rejected");
        }
    }

    /** Admits or rejects handshakes before Tyrus sees them, as a servlet listener and a filter do in servlet containers. */
    private record AdmissionEngine(WebSocketEngine tyrus) implements WebSocketEngine {
        @Override
        public UpgradeInfo upgrade(UpgradeRequest request, UpgradeResponse response) {
            String path = ((RequestContext) request).getRequestURI().getPath();
            if (path.equals(EngineEndpoint.PATH)
                    && !EngineHandshakeConfigurator.isHandshake(request.getQueryString())) {
                return LEFT_TO_SERVLET;
            }
            HandshakeRequest handshake = new HandshakeRequest(
                    ((RequestContext) request).getRemoteAddr(),
                    request.isSecure(),
                    request.getHeaders()::get,
                    request.getQueryString(),
                    () -> null,
                    role -> false);
            HandshakeRequestListener.begin(handshake);
            try {
                Hubbub.current().admission().checkHost(handshake);
                if (!path.equals(EngineEndpoint.PATH) || !EngineHandshakeConfigurator.hasSession(handshake)) {
                    Hubbub.current().admission().admit(handshake, true);
                }
                UpgradeInfo upgrade = tyrus.upgrade(request, response);
                if (upgrade.getStatus() == UpgradeStatus.HANDSHAKE_FAILED) {
                    // Otherwise clients wait for a body, and their next requests on the same connection are never
                    // answered.
                    response.getHeaders().put("Content-Length", List.of("0"));
                    response.getHeaders().put("Connection", List.of("close"));
                }
                return Containers.limitUpgrade(upgrade);
            } catch (RejectedException rejected) {
                return new RejectedUpgrade(rejected, response);
            } finally {
                HandshakeRequestListener.end();
            }
        }

        @Override
        public void register(Class<?> endpoint, String contextPath) throws DeploymentException {
            tyrus.register(endpoint, contextPath);
        }

        @Override
        public void register(ServerEndpointConfig endpoint, String contextPath) throws DeploymentException {
            tyrus.register(endpoint, contextPath);
        }
    }

    TyrusContainer() {
        super((Set<Class<?>>) null);
    }

    @Override
    public void register(Class<?> endpoint) throws DeploymentException {
        engine.register(endpoint, CONTEXT_PATH);
    }

    @Override
    public void register(ServerEndpointConfig endpoint) throws DeploymentException {
        engine.register(endpoint, CONTEXT_PATH);
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
        return engine;
    }

    /** Grizzly's add-on that handles upgrade requests. Its constructor is package-private in Tyrus 2.1. */
    AddOn addOn() {
        try {
            Constructor<WebSocketAddOn> constructor =
                    WebSocketAddOn.class.getDeclaredConstructor(ServerContainer.class, String.class);
            constructor.setAccessible(true);
            return constructor.newInstance(this, CONTEXT_PATH);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of Tyrus is not the one that Hubbub was built with", e);
        }
    }
}
