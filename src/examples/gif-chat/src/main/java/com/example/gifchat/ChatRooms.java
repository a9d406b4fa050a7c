package com.example.gifchat;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import java.util.Map;

/** Admits a client to a chat room if the room exists, the password is right, and the room is not full. */
@RoomPolicy(ChatRooms.PATTERN)
public class ChatRooms implements RoomAccess {
    static final String PATTERN = "gif-{id}";

    @Override
    public boolean mayJoin(Client client, Map<String, String> parts, Join join) {
        ChatRoom room = find(parts);
        if (room == null) {
            throw new EventException("no-such-room", "존재하지 않는 방입니다.");
        }
        if (!room.password().isEmpty() && !room.password().equals(join.request().string("password"))) {
            throw new EventException("wrong-password", "비밀번호가 틀렸습니다.");
        }
        return true;
    }

    /** Members may stay, and return after a loss without the password. */
    @Override
    public boolean mayJoin(Client client, Map<String, String> parts) {
        return find(parts) != null;
    }

    @Override
    public int maxMembers(Map<String, String> parts) {
        ChatRoom room = find(parts);
        return room == null ? 0 : room.max();
    }

    private static ChatRoom find(Map<String, String> parts) {
        return ChatRoom.find("gif-" + parts.get("id"));
    }
}
