package dev.hubbub.container.app;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.OnConnect;
import dev.hubbub.OnEvent;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.util.Map;

@EventHandlers
@DenyAll
public class AccessHandlers {
    @OnEvent("who-am-i")
    @PermitAll
    String whoAmI(Client client) {
        Identity identity = client.identity();
        return identity.isAnonymous() ? "nobody" : (identity.name() + " " + String.join(" ", identity.roles())).strip();
    }

    @OnEvent("ban")
    @RolesAllowed({"admin", "staff"})
    String ban() {
        return "banned";
    }

    @OnEvent("never")
    void never() {}

    @OnConnect
    void accept(Client client, Handshake handshake) {
        if (handshake.parameter("rejected").isPresent()) {
            throw new EventException("not-you", "Not you");
        }
        if (handshake.parameter("closed").isPresent()) {
            client.close(1008, "Not you");
        }
        client.attributes()
                .put("met", client.id() + handshake.parameter("banned").orElse(""));
    }

    /** Admits clients that {@code @OnConnect} has met and not banned. */
    @RoomPolicy("met-{name}")
    public static class Met implements RoomAccess {
        @Override
        public boolean mayJoin(Client client, Map<String, String> parts) {
            return client.isConnected()
                    && !client.id().isEmpty()
                    && client.id().equals(client.attributes().get("met"));
        }
    }

    /** Admits to rooms with odd numbers only. */
    @RoomPolicy("odd-{number}")
    public static class Odd implements RoomAccess {
        @Override
        public boolean mayJoin(Client client, Map<String, String> parts) {
            return Integer.parseInt(parts.get("number")) % 2 == 1;
        }
    }
}
