package dev.hubbub.websocket;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.app.Settings;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks the opening request, and keeps what it said until the session is there; see {@link HandshakeRequestListener} for what it
 * does not say.
 */
public class HandshakeConfigurator extends ServerEndpointConfig.Configurator {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** What clients offer, on Tyrus. */
    private static final String TYRUS = "org.glassfish.tyrus.core.TyrusExtension";

    private static final String KEY = "dev.hubbub.handshake";

    /** Whether it goes on with what was let in when it began. */
    protected boolean continues(HandshakeRequest opening) {
        return false;
    }

    /**
     * PendingAcks before any upgrade, also in containers that ask no filter before; what is refused here is answered with 403,
     * whatever the reason.
     */
    @Override
    public boolean checkOrigin(String origin) {
        HandshakeRequest opening = HandshakeRequestListener.current();
        if (opening == null) {
            return Hubbub.current()
                    .settings()
                    .origins()
                    .allows(origin == null || origin.isEmpty() ? null : origin, null);
        }
        try {
            if (!continues(opening)) {
                Hubbub.current().admission().admit(opening, true);
            }
            if (Hubbub.current().admission().allowsOrigin(opening)) {
                return true;
            }
        } catch (RejectedException refused) {
            LOG.log(System.Logger.Level.DEBUG, "A WebSocket is refused", refused);
        }
        HandshakeRequestListener.end();
        return false;
    }

    /** permessage-deflate (RFC 7692) if it is switched on, offered and there; nothing else. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        Settings settings = Hubbub.current().settings();
        if (!settings.compression() || requested.isEmpty()) {
            return List.of();
        }
        if (requested.get(0).getClass().getName().equals(TYRUS)) {
            try {
                return TyrusDeflate.agree(requested, settings.maxPayload());
            } catch (LinkageError hidden) {
                return List.of(); // a server whose class loaders show applications nothing of it
            }
        }
        boolean there = installed.stream().anyMatch(HandshakeConfigurator::isDeflate);
        return requested.stream()
                .filter(offer -> there && isDeflate(offer))
                .limit(1) // a client may offer it with other parameters again
                .toList();
    }

    private static boolean isDeflate(Extension extension) {
        return extension.getName().equals(SessionConnection.DEFLATE);
    }

    @Override
    public void modifyHandshake(
            ServerEndpointConfig config,
            jakarta.websocket.server.HandshakeRequest request,
            HandshakeResponse response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.getHeaders().forEach((name, values) -> {
            if (name != null && values != null && !values.isEmpty()) { // Jetty says [] for what is absent
                headers.put(name, List.copyOf(values));
            }
        });
        HandshakeRequest opening = HandshakeRequestListener.take();
        String address =
                opening == null ? "unknown" : Hubbub.current().admission().address(opening);
        config.getUserProperties().put(KEY, new Handshake(address, headers, Map.of(), identity(opening, request)));
    }

    /** For a session that is continued nobody has looked, and it does not matter. */
    private static Identity identity(HandshakeRequest opening, jakarta.websocket.server.HandshakeRequest request) {
        if (opening != null && opening.identity() != null) {
            return opening.identity();
        }
        Principal principal = request.getUserPrincipal();
        return principal == null ? Identity.ANONYMOUS : new Identity(principal, Set.of(), null);
    }

    public static Handshake take(Session session, EndpointConfig config) {
        // Tomcat copies the user properties to the session, where the container differs the config has them.
        Object kept = session.getUserProperties().remove(KEY);
        if (kept == null) {
            kept = config.getUserProperties().remove(KEY);
        }
        Map<String, List<String>> query = new HashMap<>(session.getRequestParameterMap());
        if (!(kept instanceof Handshake handshake)) {
            return new Handshake("unknown", Map.of(), query, Identity.ANONYMOUS);
        }
        return new Handshake(handshake.remoteAddress(), handshake.headers(), query, handshake.identity());
    }
}
