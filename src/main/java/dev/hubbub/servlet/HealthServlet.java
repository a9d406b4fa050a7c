package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code GET /health}: 200 while Hubbub accepts clients and 503 while it drains, for load balancers; {@code GET /health/live}:
 * 200 as long as it runs, for supervisors that restart it otherwise.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/health";
    static final String LIVE = "/health/live";

    /** The members of the answer, and the metrics that they show. */
    private static final Map<String, String> MEMBERS = members();

    private static Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("clients", "hubbub_clients");
        members.put("rooms", "hubbub_rooms");
        members.put("dropped", "hubbub_events_dropped_total");
        members.put("replaced", "hubbub_events_replaced_total");
        members.put("closedAsTooSlow", "hubbub_clients_too_slow_total");
        members.put("refusedEvents", "hubbub_events_rejected_total");
        members.put("rateLimited", "hubbub_events_rate_limited_total");
        return members;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        boolean closed = hubbub.admission().isClosed();
        if (closed && request.getServletPath().equals(PATH)) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", closed ? "draining" : "up");
        MEMBERS.forEach((member, metric) -> health.put(member, hubbub.metrics().value(metric)));
        health.put("refusedConnections", hubbub.metrics().values("hubbub_connections_rejected_total"));
        response.getWriter().write(Json.write(health));
    }
}
