package com.example.gifchat;

import dev.hubbub.Data;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code GET /rooms} lists the rooms, {@code GET /rooms?id=} shows one, {@code POST /rooms} creates one and goes there. */
@WebServlet("/rooms")
public class RoomServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        String id = request.getParameter("id");
        if (id == null) {
            response.getWriter().write(Data.of(ChatRoom.all()).json());
        } else if (ChatRoom.find(id) != null) {
            response.getWriter().write(Data.of(ChatRoom.find(id).shown()).json());
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setCharacterEncoding("UTF-8");
        try {
            ChatRoom room = ChatRoom.create(
                    request.getParameter("title"),
                    Integer.parseInt(request.getParameter("max")),
                    request.getParameter("password"));
            response.sendRedirect("room.html?id=" + room.id());
        } catch (IllegalArgumentException | NullPointerException invalid) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "방 제목과 인원(2-100)을 확인하세요.");
        }
    }
}
