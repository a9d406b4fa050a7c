package dev.hubbub.websocket;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.http.Requests;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Refuses WebSockets with the status that fits, before the container upgrades them. Afterwards only 403 could be said, as where
 * a container upgrades before it asks filters; see {@link HandshakeConfigurator}.
 */
public class AdmissionFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** Whether it goes on with what was let in when it began. */
    protected boolean continues(HandshakeRequest opening) {
        return false;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Requests.wantsWebSocket(request)) {
            RecycledRequest.renew(request);
            HandshakeRequest opening = HandshakeRequestListener.current();
            opening = opening == null ? Requests.opening(request) : opening;
            try {
                if (!continues(opening)) {
                    Hubbub.current().admission().admit(opening, true);
                }
            } catch (RejectedException refused) {
                response.setHeader("Connection", "close");
                Requests.refuse(response, refused);
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
