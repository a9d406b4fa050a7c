package dev.hubbub.app;

import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.TokenVerifier;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.identity.Tickets;
import java.security.Principal;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Decides over requests that open a connection: from where they may come, how many, and of whom. It is the same for every
 * transport.
 */
public final class Admission {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private static final int RETRY_SECONDS = 10;
    private static final String BEARER = "bearer ";
    private static final String BEARER_PROTOCOL = "bearer.";

    private final Settings settings;
    private final LocalHub hub;
    private final Set<String> roles;
    private final TokenVerifier tokens;
    private final Tickets tickets;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param roles that the container is asked for
     * @param tokens null if none are taken
     */
    Admission(Settings settings, LocalHub hub, Set<String> roles, TokenVerifier tokens) {
        this.settings = settings;
        this.hub = hub;
        this.roles = roles;
        this.tokens = tokens;
        this.tickets = new Tickets(settings.identification().ticketAge());
    }

    /** From now on nobody is let in, or everybody is again. */
    void close(boolean now) {
        closed = now;
    }

    /** Whether nobody is let in, since Hubbub is about to stop. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether there is a way to show later who one is. */
    public boolean takesTokens() {
        return tokens != null;
    }

    /** The address of the browser, also behind a trusted proxy. */
    public String address(HandshakeRequest opening) {
        String socket = opening.socket();
        String address = settings.trustedProxies().clientAddress(socket, opening::headers);
        if (address.equals(socket) && isLocalProxy(opening) && !warned.getAndSet(true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} looks like a proxy and is none of hubbub.trusted-proxies: all its clients have its address, and"
                            + " no limits",
                    socket);
        }
        return address;
    }

    private boolean isLocalProxy(HandshakeRequest opening) {
        return settings.limits().unlimited().has(opening.socket())
                && opening.header("X-Forwarded-For") != null
                && !settings.trustedProxies().trusts(opening.socket());
    }

    /** Whether a page of this origin may connect; also if it is no page. */
    public boolean allowsOrigin(HandshakeRequest opening) {
        String origin = opening.header("Origin");
        String host = settings.trustedProxies().host(opening.socket(), opening::header);
        // Some containers say the empty string where there is none.
        return settings.origins().allows(origin == null || origin.isEmpty() ? null : origin, host);
    }

    /**
     * Lets a request in; the second time it is asked of the same, it does nothing.
     *
     * @param later whether the connection can still show who it is once it is open
     * @throws RejectedException says why not
     */
    public void admit(HandshakeRequest opening, boolean later) {
        if (opening.identity() != null) {
            return;
        }
        if (!allowsOrigin(opening)) {
            throw new RejectedException(FORBIDDEN, EventException.FORBIDDEN, "Pages of this origin may not connect", 0);
        }
        if (closed) {
            throw new RejectedException(
                    UNAVAILABLE, EventException.OVERLOADED, "The server is about to stop", RETRY_SECONDS);
        }
        String address = address(opening);
        refuseIf(hub.census().attempt(address));
        Identity identity = identify(opening);
        opening.identify(identity.isAnonymous() && later && takesTokens() ? identity : known(identity, address));
    }

    /**
     * An identity with which one may connect, now that there is nothing more to come.
     *
     * @throws RejectedException if there are too many connections of this user, or nobody may connect without being known
     */
    public Identity known(Identity identity, String address) {
        if (identity.isAnonymous() && !settings.identification().anonymous()) {
            throw unauthorized("Show who you are");
        }
        refuseIf(hub.census().attemptAs(identity.name(), address));
        return identity;
    }

    /**
     * A ticket for who a request is of.
     *
     * @throws RejectedException if it does not show that
     */
    public String ticket(HandshakeRequest opening) {
        refuseIf(hub.census().attempt(address(opening)));
        Identity identity = identify(opening);
        if (identity.isAnonymous()) {
            throw unauthorized("Show who you are");
        }
        String ticket = tickets.issue(identity);
        if (ticket == null) {
            throw new RejectedException(
                    UNAVAILABLE, EventException.OVERLOADED, "Too many tickets are not used yet", RETRY_SECONDS);
        }
        return ticket;
    }

    private static RejectedException unauthorized(String message) {
        return new RejectedException(UNAUTHORIZED, EventException.FORBIDDEN, message, 0);
    }

    private static void refuseIf(ConnectionLimiter.Full full) {
        if (full == null) {
            return;
        }
        throw switch (full) {
            case SERVER ->
                new RejectedException(
                        UNAVAILABLE, EventException.OVERLOADED, "The server has too many connections", RETRY_SECONDS);
            case ADDRESS ->
                new RejectedException(
                        TOO_MANY_REQUESTS,
                        EventException.RATE_LIMITED,
                        "There are too many connections from your address",
                        RETRY_SECONDS);
            case USER ->
                new RejectedException(
                        TOO_MANY_REQUESTS, EventException.RATE_LIMITED, "You have too many connections", RETRY_SECONDS);
            // Not all of them at the same time again.
            case ADMISSIONS ->
                new RejectedException(
                        UNAVAILABLE,
                        EventException.OVERLOADED,
                        "Too many connect at once",
                        1 + ThreadLocalRandom.current().nextInt(RETRY_SECONDS));
            case HANDSHAKES ->
                new RejectedException(
                        TOO_MANY_REQUESTS, EventException.RATE_LIMITED, "You connect too often", RETRY_SECONDS);
        };
    }

    /**
     * Who a request is of: what it shows counts before what the container knows.
     *
     * @throws RejectedException if it shows something that is not good
     */
    public Identity identify(HandshakeRequest opening) {
        String ticket = opening.parameter("ticket");
        if (ticket != null) {
            Identity identity = tickets.take(ticket);
            if (identity == null) {
                throw unauthorized("The ticket is not good any more");
            }
            return identity;
        }
        String token = token(opening);
        return token == null ? ofContainer(opening) : verify(token);
    }

    private String token(HandshakeRequest opening) {
        String authorization = opening.header("Authorization");
        if (takesTokens()
                && authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        for (String line : opening.headers("Sec-WebSocket-Protocol")) {
            for (String protocol : line.split(",")) {
                if (protocol.strip().startsWith(BEARER_PROTOCOL)) {
                    return protocol.strip().substring(BEARER_PROTOCOL.length());
                }
            }
        }
        return settings.identification().inQuery() ? opening.parameter("access_token") : null;
    }

    private Identity ofContainer(HandshakeRequest opening) {
        Principal principal = opening.principal();
        return principal == null
                ? Identity.ANONYMOUS
                : new Identity(
                        principal, roles.stream().filter(opening::isInRole).collect(Collectors.toSet()), null);
    }

    /**
     * Whose token it is; may block.
     *
     * @throws RejectedException if it is not good
     */
    public Identity verify(String token) {
        if (tokens == null) {
            throw unauthorized("This server takes no tokens");
        }
        Identity identity;
        try {
            identity = tokens.verify(token);
        } catch (EventException refused) {
            throw new RejectedException(UNAUTHORIZED, refused.code(), refused.getMessage(), 0);
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.ERROR, "A token could not be verified", failed);
            throw new RejectedException(UNAVAILABLE, EventException.INTERNAL, "The token cannot be verified now", 10);
        }
        if (identity == null || identity.isAnonymous()) {
            throw unauthorized("The token names nobody");
        }
        return identity;
    }
}
