package dev.hubbub.http;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code POST /ticket}: issues a ticket to a client that the container or a token in {@code Authorization} authenticates. The
 * ticket authenticates one connection as a parameter of its URL: {@code new WebSocket(".../events?ticket=" + ticket)}.
 */
public final class TicketServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    /** @param expiresIn milliseconds */
    private record Ticket(String ticket, long expiresIn) {}

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        try {
            String ticket = hubbub.admission().ticket(Requests.handshakeRequest(request));
            long age = hubbub.settings().authentication().ticketAge().toMillis();
            Responses.disableCaching(response);
            response.setContentType("application/json");
            response.getWriter().write(Json.write(new Ticket(ticket, age)));
        } catch (RejectedException rejected) {
            Responses.reject(response, rejected);
        }
    }
}
