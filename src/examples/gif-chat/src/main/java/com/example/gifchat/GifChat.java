package com.example.gifchat;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Emits;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.Join;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEmpty;
import dev.hubbub.OnEvent;
import dev.hubbub.OnJoin;
import dev.hubbub.OnLeave;
import dev.hubbub.OnStart;
import dev.hubbub.Room;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The events of the chat. The colour of the session tells the speakers apart: it is the data of each member. */
@EventHandlers
@Emits(value = "chat", data = GifChat.Line.class)
@Emits(value = "system", data = GifChat.Line.class)
@Emits(value = "rooms", data = List.class)
@Emits(value = "tick", data = String.class)
public class GifChat {
    private static final System.Logger LOG = System.getLogger("gif-chat");

    record Say(String text) {}

    /** A line of a room: a text or the path of a GIF. */
    record Line(String colour, String text, String gif) {}

    @OnStart
    void start(Hub hub) {
        ChatRoom.watch(rooms -> hub.emit("rooms", rooms));
    }

    /** Every three seconds a message, which the page answers. */
    @OnConnect
    void connected(Client client, Handshake handshake) {
        LOG.log(System.Logger.Level.INFO, "새로운 클라이언트 접속 {0}", client.remoteAddress());
        client.attributes().put("colour", SessionColour.of(handshake.cookie(SessionColour.COOKIE)));
        client.every(Duration.ofSeconds(3), () -> client.emit("tick", "서버에서 클라이언트로 메시지를 보낸다."));
    }

    @OnEvent("reply")
    void reply(Client client, String text) {
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", client, text);
    }

    @OnDisconnect
    void disconnected(Client client) {
        LOG.log(System.Logger.Level.INFO, "클라이언트 접속 해제 {0}", client.remoteAddress());
    }

    /** Instead of Hubbub's own join: the colour comes from the session and not from the page. {@link ChatRooms} decides. */
    @OnEvent(value = "join", errors = {"no-such-room", "wrong-password"})
    CompletionStage<Void> join(Client client, Data data) {
        String room = data.string("room");
        if (room == null) {
            throw new EventException("no-such-room", "존재하지 않는 방입니다.");
        }
        return client.room(room).admit(client, Join.of(data).with(Map.of("colour", colour(client))));
    }

    /** Not for a client that was lost and returns within a few seconds. */
    @OnJoin(ChatRooms.PATTERN)
    void enter(Client client, Room room) {
        system(room, colour(client) + " 님이 입장하셨습니다.");
    }

    @OnLeave(ChatRooms.PATTERN)
    void leave(Client client, Room room) {
        system(room, colour(client) + " 님이 퇴장하셨습니다.");
    }

    @OnEmpty(ChatRooms.PATTERN)
    void empty(Room room) {
        ChatRoom.delete(room.name());
        room.deleteAll(); // its history
    }

    @OnEvent("chat")
    void chat(Client client, Room room, Say say) {
        if (say.text() == null || say.text().isBlank() || say.text().length() > 500) {
            throw new EventException(EventException.INVALID_DATA, "1자에서 500자까지 쓸 수 있습니다.");
        }
        room.publish("chat", new Line(colour(client), say.text(), null));
    }

    private static void system(Room room, String text) {
        room.publish("system", new Line(null, text, null));
    }

    static String colour(Client client) {
        return (String) client.attributes().get("colour");
    }
}
