package dev.hubbub.builtin;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;

/** Is anybody there? For trying out, and for probes. */
@EventHandlers
public class TestEvents {
    /** The acknowledgement has the same data; who did not ask for one gets it all the same, without an id. */
    @OnEvent(value = "echo", blocking = false)
    Data echo(Client client, Event event) {
        if (!event.wantsAck()) {
            client.emit("ack", event.data());
        }
        return event.data();
    }

    @OnEvent(value = "ping", blocking = false)
    void ping(Client client) {
        client.emit("pong");
    }
}
