package com.example.gifchat;

import dev.hubbub.Client;
import dev.hubbub.Hub;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** {@code POST /gifs?room=&client=} takes a GIF from a member of a room, {@code GET /gifs/{id}} shows it. */
@WebServlet("/gifs/*")
public class GifServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST_BYTES = 2 * 1024 * 1024;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hub hub = Hub.of(getServletContext());
        String room = request.getParameter("room");
        Client client = hub.client(String.valueOf(request.getParameter("client"))).orElse(null);
        if (client == null || !client.rooms().contains(room)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        byte[] gif = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (gif.length > MOST_BYTES || gif.length < 6 || !new String(gif, 0, 4, StandardCharsets.US_ASCII).equals("GIF8")) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        String id = UUID.randomUUID().toString();
        Files.write(file(id), gif);
        hub.room(room).publish("chat", new GifChat.Line(GifChat.colour(client), null, "gifs/" + id));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = String.valueOf(request.getPathInfo()).replaceFirst("/", "");
        if (!id.matches("[0-9a-f-]{36}") || !Files.exists(file(id))) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("image/gif");
        response.setHeader("Cache-Control", "max-age=86400, immutable");
        Files.copy(file(id), response.getOutputStream());
    }

    private Path file(String id) {
        File folder = (File) getServletContext().getAttribute(ServletContext.TEMPDIR);
        return folder.toPath().resolve(id + ".gif");
    }
}
