package dev.hubbub.http;

import dev.hubbub.app.Hubbub;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * Adds security headers to every response, unless the setting {@code hubbub.page-headers} is off. The pages themselves restrict
 * what they load.
 */
public final class PageHeaders extends HttpFilter {
    private static final long serialVersionUID = 1L;

    public static final Map<String, String> ALL = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "strict-origin-when-cross-origin",
            "Content-Security-Policy", "frame-ancestors 'self'");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Hubbub.current().settings().pageHeaders()) {
            ALL.forEach(response::setHeader);
        }
        chain.doFilter(request, response);
    }
}
