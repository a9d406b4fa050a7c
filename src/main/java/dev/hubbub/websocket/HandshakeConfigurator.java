package dev.hubbub.websocket;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Origins;
import dev.hubbub.app.RejectedException;
import dev.hubbub.app.Settings;
import dev.hubbub.container.PerMessageDeflate;
import dev.hubbub.protocol.PrintableFailure;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks the handshake request, and keeps its details until the session opens. {@link HandshakeRequestListener} provides the
 * details that Jakarta WebSocket does not.
 */
public class HandshakeConfigurator extends ServerEndpointConfig.Configurator {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final String KEY = "dev.hubbub.handshake";

    /** Whether the request continues a session that was admitted earlier. */
    protected boolean continuesSession(HandshakeRequest handshakeRequest) {
        return false;
    }

    /**
     * Every container calls this before it upgrades a request, also one that does not run filters first. A request that is
     * rejected here gets 403, whatever the reason.
     */
    @Override
    public boolean checkOrigin(String origin) {
        HandshakeRequest handshakeRequest = HandshakeRequestListener.current();
        if (handshakeRequest == null) {
            return Hubbub.current()
                    .settings()
                    .origins()
                    .allows(origin == null || origin.isEmpty() ? null : origin, new Origins.Target(null, false));
        }
        try {
            Hubbub.current().admission().checkHost(handshakeRequest);
            if (!continuesSession(handshakeRequest)) {
                Hubbub.current().admission().admit(handshakeRequest, true);
            }
            if (Hubbub.current().admission().allowsOrigin(handshakeRequest)) {
                return true;
            }
        } catch (RejectedException rejected) {
            LOG.log(System.Logger.Level.DEBUG, "A WebSocket handshake was rejected", PrintableFailure.of(rejected));
        }
        HandshakeRequestListener.end();
        return false;
    }

    /** Accepts permessage-deflate (RFC 7692) if the setting allows it, the client offers it and the server supports it. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        Settings settings = Hubbub.current().settings();
        return settings.compression()
                ? PerMessageDeflate.negotiate(installed, requested, settings.maxPayload())
                : List.of();
    }

    @Override
    public void modifyHandshake(
            ServerEndpointConfig config,
            jakarta.websocket.server.HandshakeRequest request,
            HandshakeResponse response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.getHeaders().forEach((name, values) -> {
            // Jetty returns an empty list for an absent header.
            if (name != null && values != null && !values.isEmpty()) {
                headers.put(name, List.copyOf(values));
            }
        });
        HandshakeRequest handshakeRequest = HandshakeRequestListener.take();
        Identity identity = identity(handshakeRequest, request);
        config.getUserProperties()
                .put(
                        KEY,
                        handshakeRequest == null
                                ? new Handshake("unknown", headers, Map.of(), identity)
                                : Hubbub.current().admission().handshake(handshakeRequest, headers, identity));
    }

    /** For a request that continues a session, the identity has not been determined and is not used. */
    private static Identity identity(
            HandshakeRequest handshakeRequest, jakarta.websocket.server.HandshakeRequest request) {
        if (handshakeRequest != null && handshakeRequest.identity() != null) {
            return handshakeRequest.identity();
        }
        Principal principal = request.getUserPrincipal();
        return principal == null ? Identity.ANONYMOUS : new Identity(principal, Set.of(), null);
    }

    /** Removes the details of the handshake from the session or its configuration and returns them. */
    public static Handshake take(Session session, EndpointConfig config) {
        // Tomcat copies the user properties to the session; in other containers they are in the config.
        Object stored = session.getUserProperties().remove(KEY);
        if (stored == null) {
            stored = config.getUserProperties().remove(KEY);
        }
        return stored instanceof Handshake handshake
                ? handshake
                : new Handshake("unknown", Map.of(), session.getRequestParameterMap(), Identity.ANONYMOUS);
    }
}
