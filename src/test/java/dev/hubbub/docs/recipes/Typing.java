package dev.hubbub.docs.recipes;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;
import java.util.Map;

@EventHandlers
public class Typing {
    @OnEvent("typing")
    void typing(Client client, Room room) {
        Map<String, String> who = Map.of("room", room.name(), "id", client.id());
        room.except(client).emit("typing", who, Delivery.latest("typing-" + client.id()));
    }
}
