package dev.hubbub.socketio;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responses;
import dev.hubbub.websocket.AdmissionFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Admits WebSocket handshakes at {@code /socket.io/} before the container upgrades them. Those that are invalid in Engine.IO 4
 * are rejected as the reference server does; later, only the status 403 would be possible.
 */
public final class EngineFilter extends AdmissionFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean continuesSession(HandshakeRequest handshakeRequest) {
        return EngineHandshakeConfigurator.hasSession(handshakeRequest);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        EngineError error = Requests.wantsWebSocket(request) ? EngineError.ofHandshake(request.getQueryString()) : null;
        if (error == null) {
            super.doFilter(request, response, chain);
        } else {
            Responses.closeAfterResponse(request, response);
            EngineServlet.reject(response, HttpServletResponse.SC_BAD_REQUEST, error);
        }
    }
}
