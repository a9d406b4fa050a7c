package dev.hubbub.servlet;

import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.ToIntFunction;

/**
 * {@code GET /health}: 200 while Hubbub takes clients and 503 when it does not any more, for load balancers; {@code GET
 * /health/live}: 200 as long as it runs, for who would restart it else.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/health";
    static final String LIVE = "/health/live";

    private record Health(
            String status,
            int clients,
            int rooms,
            long dropped,
            long replaced,
            long closedAsTooSlow,
            long refusedEvents,
            long rateLimited,
            RefusedConnections refusedConnections) {}

    private record RefusedConnections(long server, long address, long user, long handshakes, long admissions) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        LocalHub hub = Hubbub.current().hub();
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        boolean closed = Hubbub.current().admission().isClosed();
        if (closed && request.getServletPath().equals(PATH)) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        Health health = new Health(
                closed ? "draining" : "up",
                sum(LocalHub::size),
                sum(space -> space.roomNames().size()),
                hub.counters().dropped().sum(),
                hub.counters().replaced().sum(),
                hub.counters().closedAsTooSlow().sum(),
                hub.counters().refused().sum(),
                hub.counters().rateLimited().sum(),
                refusedConnections(hub.census().refused()));
        response.getWriter().write(Json.write(health));
    }

    private static RefusedConnections refusedConnections(ConnectionLimiter.Refused refused) {
        return new RefusedConnections(
                refused.server().sum(),
                refused.address().sum(),
                refused.user().sum(),
                refused.handshakes().sum(),
                refused.admissions().sum());
    }

    private static int sum(ToIntFunction<LocalHub> count) {
        return Hubbub.current().spaces().stream()
                .map(Hubbub.NamespaceRuntime::hub)
                .mapToInt(count)
                .sum();
    }
}
