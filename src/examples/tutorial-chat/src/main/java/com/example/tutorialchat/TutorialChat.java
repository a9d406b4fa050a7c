package com.example.tutorialchat;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEvent;

/** The server of the Socket.IO tutorial: what one says, all hear. The comments are its lines of JavaScript. */
@EventHandlers
public class TutorialChat {
    // io.on("connection", (socket) => { io.emit("chat message", `${socket.id} 님이 연결되었습니다.`);
    @OnConnect
    void connected(Client client, Hub hub) {
        hub.emit("chat message", client.id() + " 님이 연결되었습니다.");
    }

    // socket.on("chat message", (msg) => { io.emit("chat message", `${socket.id}: ${msg}`); });
    @OnEvent("chat message")
    void message(Client client, Hub hub, String text) {
        hub.emit("chat message", client.id() + ": " + text);
    }

    // socket.on("disconnect", () => { socket.broadcast.emit("chat message", `${socket.id} 님의 연결이 끊어졌습니다.`); });
    @OnDisconnect
    void disconnected(Client client, Hub hub) {
        hub.emit("chat message", client.id() + " 님의 연결이 끊어졌습니다.");
    }
}
