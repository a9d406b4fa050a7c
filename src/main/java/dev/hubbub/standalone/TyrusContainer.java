package dev.hubbub.standalone;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
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
 * Tyrus inside a Grizzly of ours. Tyrus's own {@code Server} makes its Grizzly itself, without servlets, and listens on
 * every network whatever host one gives.
 */
final class TyrusContainer extends TyrusServerContainer {
    private static final String CONTEXT_PATH = "/";

    private final WebSocketEngine engine =
            new Door(TyrusWebSocketEngine.builder(this).build());

    /** The servlet at the same place says why. */
    private static final Refusal FOR_THE_SERVLET = new Refusal(WebSocketEngine.UpgradeStatus.NOT_APPLICABLE);

    /** No WebSocket, and why. */
    private record Refusal(WebSocketEngine.UpgradeStatus status) implements WebSocketEngine.UpgradeInfo {
        Refusal(RejectedException refused, UpgradeResponse response) {
            this(WebSocketEngine.UpgradeStatus.HANDSHAKE_FAILED);
            response.setStatus(refused.status());
            response.getHeaders().put("Content-Length", List.of("0"));
            response.getHeaders().put("Connection", List.of("close"));
            if (refused.retryAfter() > 0) {
                response.getHeaders().put("Retry-After", List.of(Integer.toString(refused.retryAfter())));
            }
            if (refused.status() == 401) {
                response.getHeaders().put("WWW-Authenticate", List.of("Bearer"));
            }
        }

        @Override
        public WebSocketEngine.UpgradeStatus getStatus() {
            return status;
        }

        @Override
        public Connection createConnection(Writer writer, Connection.CloseListener listener) {
            throw new IllegalStateException("There is none");
        }
    }

    /** Says what the opening request is, as a servlet listener does elsewhere. */
    private record Door(WebSocketEngine tyrus) implements WebSocketEngine {
        @Override
        public UpgradeInfo upgrade(UpgradeRequest request, UpgradeResponse response) {
            String path = ((RequestContext) request).getRequestURI().getPath();
            if (path.equals(EngineEndpoint.PATH)
                    && !EngineHandshakeConfigurator.isHandshake(request.getQueryString())) {
                return FOR_THE_SERVLET;
            }
            HandshakeRequest opening = new HandshakeRequest(
                    ((RequestContext) request).getRemoteAddr(),
                    request.getHeaders()::get,
                    request.getQueryString(),
                    () -> null,
                    role -> false);
            HandshakeRequestListener.begin(opening);
            try {
                if (!path.equals(EngineEndpoint.PATH) || !EngineHandshakeConfigurator.hasSession(opening)) {
                    Hubbub.current().admission().admit(opening, true);
                }
                UpgradeInfo upgrade = tyrus.upgrade(request, response);
                if (upgrade.getStatus() == UpgradeStatus.HANDSHAKE_FAILED) {
                    // Else clients wait for a body, and what they ask on the same connection is never answered.
                    response.getHeaders().put("Content-Length", List.of("0"));
                    response.getHeaders().put("Connection", List.of("close"));
                }
                return upgrade;
            } catch (RejectedException refused) {
                return new Refusal(refused, response);
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

    /** Takes upgrade requests out of Grizzly's filter chain. Its constructor is package-private in Tyrus 2.1. */
    AddOn addOn() {
        try {
            Constructor<WebSocketAddOn> constructor =
                    WebSocketAddOn.class.getDeclaredConstructor(ServerContainer.class, String.class);
            constructor.setAccessible(true);
            return constructor.newInstance(this, CONTEXT_PATH);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This is not the Tyrus that Hubbub was built with", e);
        }
    }
}
