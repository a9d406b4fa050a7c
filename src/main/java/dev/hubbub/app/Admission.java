package dev.hubbub.app;

import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.TokenVerifier;
import dev.hubbub.access.Bans;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.access.Networks;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.identity.Tickets;
import dev.hubbub.protocol.PrintableFailure;
import dev.hubbub.protocol.Protocol;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Decides whether a request may open a connection: checks its origin, the limits of connections, and the identity. All transports
 * use it.
 */
public final class Admission {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final Networks LOOPBACK = Networks.parse("127.0.0.0/8, ::1");

    /** The log names only the first of these: any client can send as many as it wants. */
    private static final int LOGGED_HOSTS = 20;

    private static final int FORBIDDEN = 403;
    /** RFC 9110, section 15.5.20. */
    private static final int MISDIRECTED = 421;

    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;

    private static final int RETRY_SECONDS = 10;

    private volatile Settings settings;
    private final LocalHub hub;
    private final Set<String> roles;
    private final TokenVerifier tokens;
    private final Tickets tickets;
    private final AtomicBoolean warnedOfProxy = new AtomicBoolean();
    private final AtomicInteger rejectedHosts = new AtomicInteger();
    private final Bans bans = new Bans();
    private volatile boolean closed;

    /**
     * @param roles the roles for which the container is asked
     * @param tokens null if tokens are not accepted
     */
    Admission(Settings settings, LocalHub hub, Set<String> roles, TokenVerifier tokens) {
        this.settings = settings;
        this.hub = hub;
        this.roles = roles;
        this.tokens = tokens;
        this.tickets = new Tickets(settings.authentication().ticketAge());
    }

    /** Applies changed settings from now on. */
    void use(Settings changed) {
        settings = changed;
    }

    /** Rejects all requests from now on, or admits them again. */
    void setClosed(boolean value) {
        closed = value;
    }

    /** Whether all requests are rejected, because Hubbub drains. */
    public boolean isClosed() {
        return closed;
    }

    /** Whom operators have banned. */
    public Bans bans() {
        return bans;
    }

    /**
     * Rejects whom operators have banned. An address is checked again when its client authenticates: the connection may have been
     * open before the ban.
     *
     * @param user null for an anonymous client
     * @throws RejectedException if the user or the address is banned
     */
    void rejectBanned(String user, String address) {
        Bans.Ban byAddress = bans.find(Bans.Kind.ADDRESS, address);
        Bans.Ban ban = byAddress == null ? bans.find(Bans.Kind.USER, user) : byAddress;
        if (ban != null) {
            throw RejectedException.by(ban);
        }
    }

    /** Whether clients can authenticate by a token, also after they have connected. */
    public boolean acceptsTokens() {
        return tokens != null;
    }

    /**
     * The handshake of an admitted request.
     *
     * @param headers the headers of the request
     */
    public Handshake handshake(HandshakeRequest request, Map<String, List<String>> headers, Identity identity) {
        TrustedProxies.ClientAddress address = address(request);
        return new Handshake(
                address.text(),
                address.forwarded(),
                headers,
                request.parameters().all(),
                identity,
                Data.of(Map.of()),
                request.session());
    }

    /** The address of the client as text, also behind a trusted proxy. */
    public String addressOf(HandshakeRequest request) {
        return address(request).text();
    }

    /** The address of the client, also behind a trusted proxy. */
    private TrustedProxies.ClientAddress address(HandshakeRequest request) {
        String socket = request.socketAddress();
        TrustedProxies.ClientAddress address = settings.trustedProxies().clientAddress(socket, request::headers);
        if (!address.forwarded() && isLocalProxy(request) && !warnedOfProxy.getAndSet(true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} seems to be a proxy but is not in hubbub.trusted-proxies: all its clients count as this address,"
                            + " for which there are no limits",
                    socket);
        }
        return address;
    }

    /** Whether the client sent the request over TLS, as far as this server or a trusted proxy knows. */
    public boolean isSecure(HandshakeRequest request) {
        return target(request).isSecure();
    }

    /** The path of Hubbub for browsers, also behind a trusted proxy that changes {@code contextPath}. */
    public String path(HandshakeRequest request, String contextPath) {
        return settings.trustedProxies().path(request, contextPath);
    }

    /**
     * Checks the host that a request names.
     *
     * @throws RejectedException if this server is not that host
     */
    public void checkHost(HandshakeRequest request) {
        String host = target(request).host();
        if (!settings.hosts().accept(host, isLocal(request))) {
            if (rejectedHosts.incrementAndGet() <= LOGGED_HOSTS) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "A request from {0} for the host {1} is rejected. If this server is that host, add it to"
                                + " hubbub.hosts; if a proxy has sent the request, add the proxy to hubbub.trusted-proxies",
                        request.socketAddress(),
                        Protocol.printable(host));
            }
            throw new RejectedException(
                    MISDIRECTED,
                    EventException.FORBIDDEN,
                    "This server does not answer requests for this host, see hubbub.hosts",
                    0);
        }
    }

    /** Whether a client on this machine sent the request, and not a proxy for somebody else. */
    private boolean isLocal(HandshakeRequest request) {
        return LOOPBACK.contains(request.socketAddress())
                && !settings.trustedProxies().hasForwarded(request);
    }

    private boolean isLocalProxy(HandshakeRequest request) {
        return settings.limits().unlimited().contains(request.socketAddress())
                && request.header("X-Forwarded-For") != null
                && !settings.trustedProxies().trusts(request.socketAddress());
    }

    /** Whether the origin of the request is allowed to connect, or the request comes from no page. */
    public boolean allowsOrigin(HandshakeRequest request) {
        if (hasSeveralOrigins(request)) {
            return false;
        }
        String origin = origin(request);
        return origin == null
                ? settings.origins().allowsAny() || !isFromOtherSite(request)
                : settings.origins().allows(origin, target(request));
    }

    /**
     * Whether a page of the request's origin may send the user's cookies and other credentials, which is not the case if it is
     * allowed only because all origins are (Fetch, section 3.3.5).
     */
    public boolean allowsCredentials(HandshakeRequest request) {
        String origin = origin(request);
        return origin != null && settings.origins().allowsCredentials(origin, target(request));
    }

    /** No browser sends several origins (RFC 6454, section 7.3), and which one would count depends on the server. */
    private static boolean hasSeveralOrigins(HandshakeRequest request) {
        List<String> origins = request.headers("Origin");
        return origins.size() > 1 || (!origins.isEmpty() && origins.get(0).indexOf(',') >= 0);
    }

    private static String origin(HandshakeRequest request) {
        String origin = request.header("Origin");
        return origin == null || origin.isEmpty() ? null : origin; // some containers return "" for an absent header
    }

    private Origins.Target target(HandshakeRequest request) {
        return settings.trustedProxies().target(request);
    }

    /**
     * Whether a page of another site sent the request in a way that has no {@code Origin}, for example by an image element or
     * {@code fetch} with the mode {@code no-cors} (Fetch Metadata Request Headers, section 2.4).
     */
    private static boolean isFromOtherSite(HandshakeRequest request) {
        String site = request.header("Sec-Fetch-Site");
        return "cross-site".equals(site) || "same-site".equals(site);
    }

    /**
     * Admits a request and determines its identity. A request that was admitted before is not checked again. May block.
     *
     * @param mayAuthenticateLater whether the client can still authenticate after the connection is open
     * @throws RejectedException if the request is rejected
     */
    public void admit(HandshakeRequest request, boolean mayAuthenticateLater) {
        if (request.identity() != null) {
            return;
        }
        if (!allowsOrigin(request)) {
            throw new RejectedException(
                    FORBIDDEN, EventException.FORBIDDEN, "Connections from this origin are not allowed", 0);
        }
        if (closed) {
            throw new RejectedException(
                    UNAVAILABLE,
                    EventException.OVERLOADED,
                    "The server accepts no new connections at the moment",
                    RETRY_SECONDS);
        }
        TrustedProxies.ClientAddress address = address(request);
        rejectBanned(null, address.text());
        rejectIf(hub.connections().attempt(address.text(), address.forwarded()));
        Identity identity = identify(request);
        request.identify(
                identity.isAnonymous() && mayAuthenticateLater && acceptsTokens()
                        ? identity
                        : requireAllowedIdentity(identity, address.text(), address.forwarded()));
    }

    /**
     * Checks the final identity of a client.
     *
     * @param forwarded whether a proxy has told the address
     * @return the same identity
     * @throws RejectedException if the client must authenticate and has not, or the user has too many connections
     */
    public Identity requireAllowedIdentity(Identity identity, String address, boolean forwarded) {
        if (identity.isAnonymous() && !settings.authentication().anonymous()) {
            throw unauthorized("Authentication is required");
        }
        rejectBanned(identity.name(), address);
        rejectIf(hub.connections().checkUser(identity.name(), address, forwarded));
        return identity;
    }

    /**
     * The identity of a request that opens no connection. May block.
     *
     * @throws RejectedException if its token is invalid or there are too many requests from its address
     */
    public Identity caller(HandshakeRequest request) {
        Identity identity = identify(request.refuseTickets());
        if (identity.isAnonymous()) {
            TrustedProxies.ClientAddress address = address(request);
            rejectIf(hub.connections().attempt(address.text(), address.forwarded()));
        }
        return identity;
    }

    /**
     * Issues a ticket for the identity of a request, which must not itself be by a ticket. May block.
     *
     * @throws RejectedException if the request is not authenticated or a limit is exceeded
     */
    public String ticket(HandshakeRequest request) {
        TrustedProxies.ClientAddress address = address(request);
        rejectIf(hub.connections().attempt(address.text(), address.forwarded()));
        Identity identity = identify(request.refuseTickets());
        if (identity.isAnonymous()) {
            throw unauthorized("Authentication is required");
        }
        if (hasEnded(identity)) {
            throw unauthorized("The authentication has expired");
        }
        String ticket = tickets.issue(identity);
        if (ticket == null) {
            throw new RejectedException(
                    UNAVAILABLE, EventException.OVERLOADED, "Too many tickets have not been used yet", RETRY_SECONDS);
        }
        return ticket;
    }

    /**
     * Counts a request with wrong credentials as an attempt to connect.
     *
     * @throws RejectedException if there are too many
     */
    public void countAttempt(HandshakeRequest request) {
        TrustedProxies.ClientAddress address = address(request);
        rejectIf(hub.connections().attempt(address.text(), address.forwarded()));
    }

    private static RejectedException unauthorized(String message) {
        return new RejectedException(UNAUTHORIZED, EventException.FORBIDDEN, message, 0);
    }

    private static void rejectIf(ConnectionLimiter.Rejection rejection) {
        if (rejection == null) {
            return;
        }
        throw RejectedException.by(rejection);
    }

    /**
     * The identity of a request: by its ticket, else by its token, else the user whom the container has authenticated. May block.
     *
     * @throws RejectedException if the ticket or the token is invalid
     */
    private Identity identify(HandshakeRequest request) {
        String ticket = request.parameter("ticket");
        if (ticket != null) {
            return redeem(ticket, request);
        }
        String token = request.token(acceptsTokens(), settings.authentication().inQuery());
        return token == null ? containerIdentity(request) : verify(token);
    }

    private Identity redeem(String ticket, HandshakeRequest request) {
        if (request.refusesTickets()) {
            throw unauthorized("Tickets are accepted only for WebSockets and event streams");
        }
        Identity identity = tickets.redeem(ticket);
        if (identity == null || hasEnded(identity)) {
            throw unauthorized("The ticket is invalid, expired or already used");
        }
        return identity;
    }

    private static boolean hasEnded(Identity identity) {
        return identity.until() != null && !identity.until().isAfter(Instant.now());
    }

    private Identity containerIdentity(HandshakeRequest request) {
        Principal principal = request.principal();
        return principal == null
                ? Identity.ANONYMOUS
                : new Identity(
                        principal, roles.stream().filter(request::isInRole).collect(Collectors.toSet()), null);
    }

    /**
     * The identity by a token. May block.
     *
     * @throws RejectedException if the token is invalid or cannot be verified
     */
    public Identity verify(String token) {
        if (tokens == null) {
            throw unauthorized("This server does not accept tokens");
        }
        Identity identity;
        try {
            identity = tokens.verify(token);
        } catch (EventException invalid) {
            throw new RejectedException(UNAUTHORIZED, invalid.code(), invalid.getMessage(), 0);
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.ERROR, "A token could not be verified", PrintableFailure.of(failed));
            throw new RejectedException(
                    UNAVAILABLE, EventException.INTERNAL, "The token cannot be verified at the moment", 10);
        }
        if (identity == null || identity.isAnonymous()) {
            throw unauthorized("The token does not identify a user");
        }
        return identity;
    }
}
