package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.http.Exposed;
import dev.hubbub.management.PrometheusText;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code GET /metrics}: everything that Hubbub counts, for Prometheus. The setting {@code hubbub.metrics} says who may see it. */
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/metrics";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        if (Exposed.isShown(hubbub.settings().metrics(), request, response)) {
            PrometheusText text = new PrometheusText(request.getHeader("Accept"));
            response.setContentType(text.contentType());
            response.setHeader("Cache-Control", "no-store");
            text.write(hubbub.metrics(), response.getOutputStream());
        }
    }
}
