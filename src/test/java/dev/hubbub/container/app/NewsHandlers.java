package dev.hubbub.container.app;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.OnEvent;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import java.util.Map;

/** Uses the hub from the start of the application to its end. */
@EventHandlers
public class NewsHandlers {
    private volatile Hub atStart;

    @OnStart
    void start(Hub hub) {
        hub.room("news").emit("headline", "from the start");
        atStart = hub;
    }

    @OnStop
    void stop(Hub hub) {
        hub.emit("to nobody");
    }

    @OnEvent("started")
    Map<String, Long> started() {
        return Map.of("position", atStart.room("news").position());
    }

    @OnEvent("request")
    String request(Handshake handshake) {
        return handshake.session().map(session -> session.getAttribute("cart")).orElse(null) + ", "
                + handshake.cookie("theme").orElse(null) + ", "
                + handshake.locale().orElse(null) + ", "
                + handshake.userAgent().orElse(null);
    }

    @OnEvent("by-id")
    void byId(Client client, Hub hub) {
        hub.remote(client.id()).emit("headline", "by id");
    }
}
