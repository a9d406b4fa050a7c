package com.example.gifchat;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** {@code GET /rooms} lists the rooms, {@code POST /rooms} creates one and goes there. */
@WebServlet("/rooms")
public class RoomServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Jsonb JSON = JsonbBuilder.create();

    private static volatile Consumer<List<ChatRoom.Shown>> watcher = rooms -> {};

    /** The watcher is told of the rooms whenever they change. */
    static void watch(Consumer<List<ChatRoom.Shown>> told) {
        watcher = told;
    }

    static void changed() {
        watcher.accept(ChatRoom.all());
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        StringBuilder rooms = new StringBuilder();
        for (ChatRoom.Shown room : ChatRoom.all()) {
            rooms.append(rooms.isEmpty() ? "[" : ",").append("{\"id\":").append(JSON.toJson(room.id()));
            rooms.append(",\"title\":").append(JSON.toJson(room.title())).append(",\"max\":").append(room.max());
            rooms.append(",\"locked\":").append(room.locked()).append('}');
        }
        response.getWriter().write(rooms.isEmpty() ? "[]" : rooms.append(']').toString());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setCharacterEncoding("UTF-8");
        try {
            ChatRoom room = ChatRoom.create(
                    request.getParameter("title"),
                    Integer.parseInt(request.getParameter("max")),
                    request.getParameter("password"));
            changed();
            response.sendRedirect("room.html?id=" + room.id());
        } catch (IllegalArgumentException | NullPointerException invalid) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "방 제목과 인원(2-100)을 확인하세요.");
        }
    }
}
