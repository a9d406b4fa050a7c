package dev.hubbub.standalone;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEvent;

/** The chat of the tutorials, as socket.io.md has it. */
@EventHandlers
public class Chat {
    @OnConnect
    void hello(Client client, Hub hub) {
        hub.emit("message", client.id() + " is here");
    }

    @OnEvent("message")
    void message(Client client, Hub hub, String text) {
        hub.emit("message", client.id() + ": " + text);
    }

    @OnDisconnect
    void bye(Client client, Hub hub) {
        hub.except(client).emit("message", client.id() + " has gone");
    }
}
