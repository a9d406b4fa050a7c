package dev.hubbub.http;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code POST /ticket}: for who shows who it is, by the container's means or a token in {@code Authorization}, something that can
 * stand in the URL of one connection instead: {@code new WebSocket(".../events?ticket=" + ticket)}.
 */
public final class TicketServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    /** @param expiresIn milliseconds */
    private record Ticket(String ticket, long expiresIn) {}

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        try {
            String ticket = hubbub.admission().ticket(Requests.opening(request));
            long age = hubbub.settings().identification().ticketAge().toMillis();
            Requests.neverKeep(response);
            response.setContentType("application/json");
            response.getWriter().write(Json.write(new Ticket(ticket, age)));
        } catch (RejectedException refused) {
            Requests.refuse(response, refused);
        }
    }
}
