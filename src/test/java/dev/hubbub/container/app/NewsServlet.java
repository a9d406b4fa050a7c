package dev.hubbub.container.app;

import dev.hubbub.Hub;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Sends events from a servlet, and from a thread that it starts. */
@WebServlet("/news")
public class NewsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Begins a session. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        request.getSession().setAttribute("cart", "three apples");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        Hub hub = Hub.of(getServletContext());
        hub.room("news").emit("headline", "from a servlet");
        new Thread(() -> hub.room("news").emit("headline", "from a thread")).start();
    }
}
