package dev.hubbub.websocket;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.OpeningHandshake;
import dev.hubbub.app.RejectedException;
import dev.hubbub.container.Containers;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responses;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Rejects WebSocket handshakes with the appropriate status, before the container upgrades them. Jetty upgrades before it runs
 * filters; there {@link HandshakeConfigurator} rejects them, and the status is always 403.
 */
public class AdmissionFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final String UPGRADE = "Upgrade";
    private static final String WEBSOCKET = "websocket";

    /** A request that offers other protocols, too: some servers upgrade only those that do not. */
    private static final class WebSocketRequest extends HttpServletRequestWrapper {
        WebSocketRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getHeader(String name) {
            return UPGRADE.equalsIgnoreCase(name) ? WEBSOCKET : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return UPGRADE.equalsIgnoreCase(name)
                    ? Collections.enumeration(List.of(WEBSOCKET))
                    : super.getHeaders(name);
        }
    }

    /** Whether the request continues a session that was admitted earlier. */
    protected boolean continuesSession(HandshakeRequest handshakeRequest) {
        return false;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!Requests.wantsWebSocket(request)) {
            chain.doFilter(request, response);
            return;
        }
        HandshakeRequest handshakeRequest = HandshakeRequestListener.current();
        handshakeRequest = handshakeRequest == null ? Requests.handshakeRequest(request) : handshakeRequest;
        try {
            OpeningHandshake.check(handshakeRequest, request.getMethod(), request.getProtocol());
            if (!continuesSession(handshakeRequest)) {
                Hubbub.current().admission().admit(handshakeRequest, true);
            }
        } catch (RejectedException rejected) {
            Responses.closeAfterResponse(request, response);
            Responses.reject(response, rejected);
            return;
        }
        HttpServletRequest prepared = Containers.beforeUpgrade(
                WEBSOCKET.equalsIgnoreCase(request.getHeader(UPGRADE)) ? request : new WebSocketRequest(request));
        chain.doFilter(prepared, response);
        Containers.afterUpgrade(prepared);
    }
}
