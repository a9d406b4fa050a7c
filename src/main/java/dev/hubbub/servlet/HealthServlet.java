package dev.hubbub.servlet;

import dev.hubbub.app.Health;
import dev.hubbub.app.Hubbub;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of Hubbub for load balancers and supervisors. {@code /health} is for people and simple load balancers: 200 while
 * Hubbub accepts clients and 503 while it drains. {@code /health/live}, {@code /health/ready} and {@code /health/started} answer
 * 200 or 503 with the checks that led to it, as MicroProfile Health 4.0 and the probes of Kubernetes expect.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/health";
    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String STARTED = "/health/started";

    static final String[] PATHS = {PATH, LIVE, READY, STARTED};

    /** The members of the answer of {@code /health}, and the metrics that they show. */
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
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        String path = request.getServletPath();
        if (!Hubbub.isRunning()) {
            answer(response, List.of(new Health.Check("started", false, Map.of())));
            return;
        }
        Hubbub hubbub = Hubbub.current();
        switch (path) {
            case LIVE -> answer(response, hubbub.health().live());
            case READY -> answer(response, hubbub.health().ready());
            case STARTED -> answer(response, List.of(new Health.Check("started", true, Map.of())));
            default -> answer(response, hubbub);
        }
    }

    private static void answer(HttpServletResponse response, List<Health.Check> results) throws IOException {
        boolean up = results.stream().allMatch(Health.Check::up);
        List<Map<String, Object>> checks = new ArrayList<>();
        for (Health.Check result : results) {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("name", result.name());
            check.put("status", status(result.up()));
            if (!result.data().isEmpty()) {
                check.put("data", result.data());
            }
            checks.add(check);
        }
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", status(up));
        health.put("checks", checks);
        if (!up) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        response.getWriter().write(Json.write(health));
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static void answer(HttpServletResponse response, Hubbub hubbub) throws IOException {
        boolean closed = hubbub.admission().isClosed();
        if (closed) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", closed ? "draining" : "up");
        MEMBERS.forEach((member, metric) -> health.put(member, hubbub.metrics().total(metric)));
        health.put("refusedConnections", hubbub.metrics().values("hubbub_connections_rejected_total"));
        hubbub.hub().cluster().ifPresent(cluster -> health.put("cluster", cluster.status()));
        response.getWriter().write(Json.write(health));
    }
}
