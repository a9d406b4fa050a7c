package dev.hubbub.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The API in servlet containers. A filter, because an application may have servlets or JAX-RS resources of its own below {@code
 * /api/}: it gets the requests there that do not come from users of Hubbub's API.
 */
public final class ApiFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/api/";

    /** The paths of the API; the others below {@code /api/} are left alone. */
    public static final String[] PATTERNS = {
        PATH + "events", PATH + "room/*", PATH + "rooms/*", PATH + "clients/*", PATH + "users/*"
    };

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!ApiRequest.handle(request, response, request.getHttpServletMapping())) {
            chain.doFilter(request, response);
        }
    }
}
