package dev.hubbub.builtin;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;

/** The built-in events {@code echo} and {@code ping}, for first tries and health checks. */
@EventHandlers
public class TestEvents {
    /** Acknowledges with the same data. A client that did not ask for an acknowledgement gets one without an id. */
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
