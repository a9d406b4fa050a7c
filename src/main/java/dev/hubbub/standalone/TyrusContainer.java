package dev.hubbub.standalone;

import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.socketio.EngineHandshakes;
import dev.hubbub.websocket.OpeningRequest;
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
            new Opening(TyrusWebSocketEngine.builder(this).build());

    /** What no WebSocket is made of; the servlet at the same place says why. */
    private static final WebSocketEngine.UpgradeInfo FOR_THE_SERVLET = new WebSocketEngine.UpgradeInfo() {
        @Override
        public WebSocketEngine.UpgradeStatus getStatus() {
            return WebSocketEngine.UpgradeStatus.NOT_APPLICABLE;
        }

        @Override
        public Connection createConnection(Writer writer, Connection.CloseListener listener) {
            throw new IllegalStateException("There is none");
        }
    };

    /** Says what the opening request is, as a servlet listener does elsewhere. */
    private record Opening(WebSocketEngine tyrus) implements WebSocketEngine {
        @Override
        public UpgradeInfo upgrade(UpgradeRequest request, UpgradeResponse response) {
            String path = ((RequestContext) request).getRequestURI().getPath();
            if (path.equals(EngineEndpoint.PATH) && !EngineHandshakes.isHandshake(request.getQueryString())) {
                return FOR_THE_SERVLET;
            }
            OpeningRequest.begin(
                    ((RequestContext) request).getRemoteAddr(), request::getHeader, request.getQueryString());
            try {
                UpgradeInfo upgrade = tyrus.upgrade(request, response);
                if (upgrade.getStatus() == UpgradeStatus.HANDSHAKE_FAILED) {
                    // Else clients wait for a body, and what they ask on the same connection is never answered.
                    response.getHeaders().put("Content-Length", List.of("0"));
                    response.getHeaders().put("Connection", List.of("close"));
                }
                return upgrade;
            } finally {
                OpeningRequest.end();
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
