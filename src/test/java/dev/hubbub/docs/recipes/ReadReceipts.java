package dev.hubbub.docs.recipes;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.OnLeave;
import dev.hubbub.Room;
import java.util.Map;

@EventHandlers
public class ReadReceipts {
    record Read(String position) {}

    @OnEvent("read")
    void read(Client client, Room room, Read read) {
        room.keep("read", client.id(), Map.of("room", room.name(), "id", client.id(), "position", read.position()));
    }

    @OnLeave("*")
    void left(Client client, Room room) {
        room.forget("read", client.id());
    }
}
