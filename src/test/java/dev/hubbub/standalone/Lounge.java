package dev.hubbub.standalone;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.Namespace;
import dev.hubbub.OnConnect;
import dev.hubbub.OnEvent;
import java.time.Duration;

/** The handlers that the public test suite of the Socket.IO protocol expects, and more. */
@EventHandlers
public class Lounge {
    @OnConnect
    void welcome(Client client, Handshake handshake) {
        if ("stranger".equals(handshake.auth().string("token"))) {
            throw new EventException(EventException.FORBIDDEN, "Not authorized");
        }
        client.emit("auth", handshake.auth());
    }

    @OnEvent("message")
    void message(Client client, Event event) {
        client.emit("message-back", event.data(), event.attachments(), Delivery.ALL);
    }

    @OnEvent("message-with-ack")
    Event acknowledge(Event event) {
        return event;
    }

    @OnEvent("to-all")
    void toAll(Hub hub, Data data) {
        hub.emit("to-all", data);
    }

    @OnEvent("ask-me")
    void ask(Client client) {
        client.ask("sure?", "really", Duration.ofSeconds(10)).thenAccept(answer -> client.emit("they-said", answer));
    }

    @OnEvent("error")
    void error(Client client, Data data) {
        client.emit("error-back", data);
    }

    @OnEvent("ask-for-a-picture")
    void askForAPicture(Client client, Event event) {
        client.ask("like this?", null, event.attachments(), Duration.ofSeconds(10))
                .thenAccept(answer -> client.emit("picture", answer.data(), answer.attachments(), Delivery.ALL));
    }

    @OnEvent("throw-me-out")
    void throwOut(Client client) {
        client.close(1000, "Out");
    }

    /** Handlers of a second namespace. */
    @EventHandlers
    @Namespace("/custom")
    public static class Custom {
        @OnConnect
        void welcome(Client client) {
            client.emit("auth", client.handshake().auth());
        }

        @OnEvent("to-all")
        void toAll(Hub hub, Data data) {
            hub.emit("to-all", data);
        }
    }
}
