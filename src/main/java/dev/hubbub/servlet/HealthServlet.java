package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.ToIntFunction;

/** {@code GET /health}: 200 while Hubbub takes clients, for load balancers and probes. */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private record Health(String status, int clients, int rooms, long dropped, long replaced, long closedAsTooSlow) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        LocalHub hub = Hubbub.current().hub();
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        Health health = new Health(
                "up",
                sum(LocalHub::size),
                sum(space -> space.roomNames().size()),
                hub.counters().dropped().sum(),
                hub.counters().replaced().sum(),
                hub.counters().closedAsTooSlow().sum());
        response.getWriter().write(Json.write(health));
    }

    private static int sum(ToIntFunction<LocalHub> count) {
        return Hubbub.current().spaces().stream()
                .map(Hubbub.Space::hub)
                .mapToInt(count)
                .sum();
    }
}
