package dev.hubbub.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets in pages of the origins that may. */
public abstract class CorsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getMethod().equals("OPTIONS")) {
            Requests.preflight(request, response);
            return;
        }
        if (Requests.isAllowed(request, response)) {
            super.service(request, response);
        }
    }
}
