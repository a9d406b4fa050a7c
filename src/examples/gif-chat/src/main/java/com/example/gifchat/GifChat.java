package com.example.gifchat;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEvent;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import dev.hubbub.PublishedEvent;
import dev.hubbub.Room;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The events of the chat. The colour of the session tells the speakers apart. */
@EventHandlers
public class GifChat {
    private static final int HISTORY = 50;

    record Enter(String room, String password) {}

    record Entered(String title, String colour, List<PublishedEvent> history) {}

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "gif-chat-timer");
        daemon.setDaemon(true);
        return daemon;
    });

    /** Every three seconds a message to all, which each page answers. */
    @OnStart
    void start(Hub hub) {
        timer.scheduleAtFixedRate(
                () -> hub.emit("tick", "서버에서 클라이언트로 메시지를 보낸다."), 3, 3, TimeUnit.SECONDS);
        RoomServlet.watch(rooms -> hub.emit("rooms", rooms));
    }

    @OnConnect
    void connected(Client client, Handshake handshake) {
        client.attributes().put("colour", SessionColour.of(handshake.header("Cookie").orElse("")));
    }

    @OnEvent("reply")
    void reply(Client client, String text) {
        System.getLogger("gif-chat").log(System.Logger.Level.DEBUG, "{0}: {1}", client, text);
    }

    @OnEvent("enter")
    CompletionStage<Entered> enter(Client client, Hub hub, Enter enter) {
        ChatRoom chat = ChatRoom.find(enter.room());
        if (chat == null) {
            throw new EventException("no-such-room", "존재하지 않는 방입니다.");
        }
        if (!chat.password().isEmpty() && !chat.password().equals(enter.password())) {
            throw new EventException("forbidden", "비밀번호가 틀렸습니다.");
        }
        Room room = hub.room(chat.id());
        synchronized (chat) { // two who come at the same time do not take the last place both
            if (!room.has(client) && room.size() >= chat.max()) {
                throw new EventException("too-large", "허용 인원을 초과하였습니다.");
            }
            return room.join(client)
                    .thenCompose(joined -> room.history(null, HISTORY))
                    .thenApply(page -> {
                        room.publish("system", Map.of("text", colour(client) + " 님이 입장하셨습니다."));
                        return new Entered(chat.title(), colour(client), page.events());
                    });
        }
    }

    @OnEvent("chat")
    void chat(Client client, Room room, Data data) {
        String text = data.string("text");
        if (text == null || text.isBlank() || text.length() > 500) {
            throw new EventException("invalid-data", "1자에서 500자까지 쓸 수 있습니다.");
        }
        room.publish("chat", Map.of("colour", colour(client), "text", text));
    }

    /** The client is no member any more; its rooms are still known. */
    @OnDisconnect
    void disconnected(Client client, Hub hub) {
        for (String name : client.rooms()) {
            hub.room(name).publish("system", Map.of("text", colour(client) + " 님이 퇴장하셨습니다."));
            timer.schedule(() -> deleteIfEmpty(hub.room(name)), 5, TimeUnit.SECONDS); // a page may only be reloaded
        }
    }

    private static void deleteIfEmpty(Room room) {
        ChatRoom chat = ChatRoom.find(room.name());
        if (chat != null && room.size() == 0) {
            chat.delete();
            RoomServlet.changed();
        }
    }

    static String colour(Client client) {
        return (String) client.attributes().getOrDefault("colour", "#888888");
    }

    @OnStop
    void stop() {
        timer.shutdownNow();
    }
}
