package dev.hubbub.docs.recipes;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.OnEvent;
import dev.hubbub.Position;
import jakarta.annotation.security.RolesAllowed;
import java.util.Map;
import java.util.concurrent.CompletionStage;

@EventHandlers
public class Letters {
    record Letter(String to, String text) {}

    @OnEvent("letter")
    @RolesAllowed("member")
    CompletionStage<Position> letter(Client client, Hub hub, Letter letter) {
        String from = client.identity().name();
        return hub.room("inbox-" + letter.to()).publish("letter", Map.of("from", from, "text", letter.text()));
    }
}
