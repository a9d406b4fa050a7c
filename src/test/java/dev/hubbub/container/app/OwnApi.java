package dev.hubbub.container.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet of the application at a path that Hubbub's API has, too. */
@WebServlet("/api/users/*")
public class OwnApi extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String body = request.getMethod().equals("POST")
                ? " " + new String(request.getInputStream().readAllBytes(), "UTF-8")
                : "";
        response.getWriter().write("own " + request.getPathInfo() + body);
    }
}
