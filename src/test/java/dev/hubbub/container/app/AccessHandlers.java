package dev.hubbub.container.app;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.Identity;
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

    /** Admits to rooms with odd numbers only. */
    @RoomPolicy("odd-{number}")
    public static class Odd implements RoomAccess {
        @Override
        public boolean mayJoin(Client client, Map<String, String> parts) {
            return Integer.parseInt(parts.get("number")) % 2 == 1;
        }
    }
}
