package dev.hubbub.docs.recipes;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.OnConnect;
import dev.hubbub.OnEvent;

@EventHandlers
public class HttpLogin {
    @OnConnect
    void connected(Client client, Handshake handshake) {
        String user = handshake
                .session()
                .map(session -> (String) session.getAttribute("user"))
                .orElseThrow(() -> new EventException("forbidden", "Log in first"));
        client.attributes().put("user", user);
    }

    @OnEvent("whoami")
    String whoAmI(Client client) {
        return (String) client.attributes().get("user");
    }
}
