package dev.hubbub.websocket;

import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks the opening request, and keeps what it said until the session is there; see {@link OpeningRequest} for what it
 * does not say.
 */
public class Handshakes extends ServerEndpointConfig.Configurator {
    private static final String KEY = "dev.hubbub.handshake";

    /** What is refused here is answered with 403, before any upgrade. */
    @Override
    public boolean checkOrigin(String origin) {
        OpeningRequest.Request request = OpeningRequest.current();
        String host = request == null
                ? null
                : Hubbub.current().settings().trustedProxies().host(request.address(), request.header());
        // Some containers ask also where there is none, and then say the empty string.
        return Hubbub.current().settings().origins().allows(origin == null || origin.isEmpty() ? null : origin, host);
    }

    /**
     * None. permessage-deflate keeps some 200 KB for each connection, and each receiver's copy of a broadcast would have
     * to be compressed by itself.
     */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        return List.of();
    }

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.getHeaders().forEach((name, values) -> {
            if (name != null && values != null && !values.isEmpty()) { // Jetty says [] for what is absent
                headers.put(name, List.copyOf(values));
            }
        });
        OpeningRequest.Request opening = OpeningRequest.current();
        String socket = opening == null ? null : opening.address();
        String address = Hubbub.current().settings().trustedProxies().clientAddress(socket, headers);
        config.getUserProperties()
                .put(KEY, new Handshake(address, headers, Map.of(), Optional.ofNullable(request.getUserPrincipal())));
    }

    public static Handshake take(Session session, EndpointConfig config) {
        // Tomcat copies the user properties to the session, where the container differs the config has them.
        Object kept = session.getUserProperties().remove(KEY);
        if (kept == null) {
            kept = config.getUserProperties().remove(KEY);
        }
        Map<String, List<String>> query = new HashMap<>(session.getRequestParameterMap());
        if (!(kept instanceof Handshake handshake)) {
            return new Handshake("unknown", Map.of(), query, Optional.ofNullable(session.getUserPrincipal()));
        }
        return new Handshake(handshake.remoteAddress(), handshake.headers(), query, handshake.principal());
    }
}
