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
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Rejects WebSocket handshakes with the appropriate status, before the container upgrades them. Jetty upgrades before it runs
 * filters; there {@link HandshakeConfigurator} rejects them, and the status is always 403.
 */
public class AdmissionFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

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
        HttpServletRequest prepared = Containers.beforeUpgrade(PlainUpgrade.of(request));
        chain.doFilter(prepared, response);
        Containers.afterUpgrade(prepared);
    }
}
