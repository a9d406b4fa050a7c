package dev.hubbub.app;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.OnEvent;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.Positions;
import dev.hubbub.protocol.Protocol;

/**
 * The event {@code auth} with the data {@code {"token": ...}}: a client authenticates with its first event, or later when its
 * token is about to expire.
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

    /** @param runner runs the {@code @OnConnect} methods when a client has been admitted */
    void setDispatcher(Dispatcher runner) {
        dispatcher = runner;
    }

    /**
     * The acknowledgement.
     *
     * @param user the name of the authenticated user
     * @param expiresIn milliseconds until the token expires; null if it does not
     */
    private record Authenticated(String user, Long expiresIn) {}

    /** Blocking, because an application's verifier may block. */
    @OnEvent(Protocol.AUTH)
    Authenticated auth(Client client, Data data) {
        String token = data.string("token");
        if (token == null) {
            throw new EventException(
                    EventException.INVALID_DATA, "The data of auth must be an object like {\"token\": ...}");
        }
        identify((LocalClient) client, admission.verify(token));
        Identity now = client.identity();
        return new Authenticated(
                now.name(), now.until() == null ? null : now.until().toEpochMilli() - System.currentTimeMillis());
    }

    private void identify(LocalClient client, Identity identity) {
        Handshake handshake = client.handshake();
        admission.rejectBanned(identity.name(), handshake.remoteAddress());
        if (hub.connections().checkUser(identity.name(), handshake.remoteAddress(), handshake.forwarded()) != null
                && !identity.name().equals(client.identity().name())) {
            throw new EventException(EventException.RATE_LIMITED, "You have too many connections");
        }
        hub.identify(client, identity);
        if (!client.isAdmitted()
                && hub.admit(
                        client,
                        handshake.parameter("since").map(Positions::parse).orElse(null))) {
            dispatcher.admitted(client);
        }
    }
}
