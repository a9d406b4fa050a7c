package dev.hubbub.socketio;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.http.Requests;
import dev.hubbub.websocket.AdmissionFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers WebSocket requests at {@code /socket.io/} that are no handshake of Engine.IO 4 as the reference server does, before
 * the container upgrades them, and admits the others; afterwards only 403 could be said.
 */
public final class EngineFilter extends AdmissionFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean continues(HandshakeRequest opening) {
        return EngineHandshakeConfigurator.hasSession(opening);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        EngineError error = Requests.wantsWebSocket(request) ? EngineError.ofHandshake(request.getQueryString()) : null;
        if (error == null) {
            super.doFilter(request, response, chain);
        } else {
            response.setHeader("Connection", "close");
            EngineServlet.refuse(response, HttpServletResponse.SC_BAD_REQUEST, error);
        }
    }
}
