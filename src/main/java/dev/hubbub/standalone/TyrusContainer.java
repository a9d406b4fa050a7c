package dev.hubbub.standalone;

import dev.hubbub.container.Containers;
import dev.hubbub.websocket.HandshakeRequestListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.AddOn;
import org.glassfish.tyrus.container.grizzly.server.WebSocketAddOn;
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
            new AdmittedEngine(TyrusWebSocketEngine.builder(this).build());

    /** The request is passed on to the servlet with the same path, and its connection is closed. */
    private record NoUpgrade() implements WebSocketEngine.UpgradeInfo {
        @Override
        public WebSocketEngine.UpgradeStatus getStatus() {
            return WebSocketEngine.UpgradeStatus.NOT_APPLICABLE;
        }

        @Override
        public Connection createConnection(Writer writer, Connection.CloseListener listener) {
            throw new IllegalStateException("The upgrade was rejected");
        }
    }

    /** Upgrades the requests that {@link UpgradeFilter} has admitted. */
    private record AdmittedEngine(WebSocketEngine tyrus) implements WebSocketEngine {
        @Override
        public UpgradeInfo upgrade(UpgradeRequest request, UpgradeResponse response) {
            try {
                UpgradeInfo upgrade = tyrus.upgrade(request, response);
                return upgrade.getStatus() == UpgradeStatus.SUCCESS
                        ? Containers.limitUpgrade(upgrade)
                        : new NoUpgrade();
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
