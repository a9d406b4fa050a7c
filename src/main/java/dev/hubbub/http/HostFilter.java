package dev.hubbub.http;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Rejects requests for hosts that this server is not, whatever they ask for (DNS rebinding). The setting {@code hubbub.hosts}
 * names those that it is.
 */
public final class HostFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            Hubbub.current().admission().checkHost(Requests.handshakeRequest(request));
        } catch (RejectedException rejected) {
            Responses.closeAfterResponse(request, response);
            Responses.reject(response, rejected);
            return;
        }
        chain.doFilter(request, response);
    }
}
