package dev.hubbub.container.app;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.OnEvent;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
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

    public record Line(@NotBlank String product, @Positive int count) {}

    public record Order(@NotNull @Size(min = 1, max = 3) List<@Valid Line> lines) {}

    /** Tomcat and Jetty have no Jakarta Validation, so that nothing is checked there. */
    @OnEvent("order")
    int order(@NotNull @Valid Order order) {
        return order.lines().size();
    }

    @OnEvent("count")
    int count(Client client, @Max(9) int count) {
        return count;
    }

    @OnEvent("by-id")
    void byId(Client client, Hub hub) {
        hub.remote(client.id()).emit("headline", "by id");
    }
}
