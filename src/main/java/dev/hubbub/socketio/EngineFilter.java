package dev.hubbub.socketio;

import dev.hubbub.http.Requests;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers WebSocket requests at {@code /socket.io/} that are no handshake of Engine.IO 4 as the reference server does, before
 * the container upgrades them; afterwards only 403 could be said.
 */
public final class EngineFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        EngineError error = Requests.wantsWebSocket(request) ? EngineError.ofHandshake(request.getQueryString()) : null;
        if (error == null) {
            chain.doFilter(request, response);
        } else {
            response.setHeader("Connection", "close");
            EngineServlet.refuse(response, HttpServletResponse.SC_BAD_REQUEST, error);
        }
    }
}
