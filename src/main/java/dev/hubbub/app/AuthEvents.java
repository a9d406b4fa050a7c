package dev.hubbub.app;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Identity;
import dev.hubbub.OnEvent;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.Protocol;

/**
 * {@code auth} {@code {"token": ...}}: a client shows who it is, as its first event or later, when its token is about to expire.
 */
@EventHandlers
final class AuthEvents {
    private final Admission admission;
    private final LocalHub hub;
    private Dispatcher dispatcher;

    AuthEvents(Admission admission, LocalHub hub) {
        this.admission = admission;
        this.hub = hub;
    }

    void welcomeBy(Dispatcher welcoming) {
        dispatcher = welcoming;
    }

    /** @param user whom the client is taken for now */
    private record Known(String user, Long expiresIn) {}

    /** Blocking, for the issuer's keys may have to be fetched. */
    @OnEvent(Protocol.AUTH)
    Known auth(Client client, Data data) {
        String token = data.string("token");
        if (token == null) {
            throw new EventException(EventException.INVALID_DATA, "auth takes an object like {\"token\": ...}");
        }
        identify((LocalClient) client, admission.verify(token));
        Identity now = client.identity();
        return new Known(
                now.name(), now.until() == null ? null : now.until().toEpochMilli() - System.currentTimeMillis());
    }

    private void identify(LocalClient client, Identity identity) {
        if (hub.census().attemptAs(identity.name(), client.remoteAddress()) != null
                && !identity.name().equals(client.identity().name())) {
            throw new EventException(EventException.RATE_LIMITED, "You have too many connections");
        }
        client.identify(identity);
        if (!client.isAdmitted()
                && hub.admit(
                        client,
                        client.handshake()
                                .parameter("since")
                                .map(Position::parse)
                                .orElse(null))) {
            dispatcher.admitted(client);
        }
    }
}
