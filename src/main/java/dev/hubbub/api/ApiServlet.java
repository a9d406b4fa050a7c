package dev.hubbub.api;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The API in the standalone server, where nobody else has a path below {@code /api/}; elsewhere see {@link ApiFilter}. */
public final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    public static final String PATTERN = ApiFilter.PATH + "*";

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ApiRequest.handle(request, response, null);
    }
}
