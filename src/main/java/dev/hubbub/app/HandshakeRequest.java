package dev.hubbub.app;

import dev.hubbub.Identity;
import java.security.Principal;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A request that opens a connection, by whatever transport, and the identity that was found for it. Used by one thread. */
public final class HandshakeRequest {
    private static final String BEARER = "bearer ";
    private static final String BEARER_PROTOCOL = "bearer.";

    private final String socketAddress;
    private final boolean secure;
    private final Function<String, List<String>> headers;
    private final String query;
    private final Supplier<Principal> principal;
    private final Predicate<String> roles;
    private QueryParameters parameters;
    private Identity identity;
    private boolean refusesTickets;
    private Supplier<?> session = () -> null;

    /**
     * @param socketAddress the address of the socket's other end; null if the container hides it
     * @param secure whether the request came over TLS
     * @param headers gives the values of a header; null or an empty list if there is none
     * @param query as it stands in the URL; null for none
     * @param principal gives the user whom the container has authenticated, or null; asked only when it is needed, since a
     *     container may not know earlier
     * @param roles tells whether the container gives the user a role
     */
    public HandshakeRequest(
            String socketAddress,
            boolean secure,
            Function<String, List<String>> headers,
            String query,
            Supplier<Principal> principal,
            Predicate<String> roles) {
        this.socketAddress = socketAddress;
        this.secure = secure;
        this.headers = headers;
        this.query = query;
        this.principal = principal;
        this.roles = roles;
    }

    String socketAddress() {
        return socketAddress;
    }

    boolean isSecure() {
        return secure;
    }

    List<String> headers(String name) {
        List<String> values = headers.apply(name);
        return values == null ? List.of() : values;
    }

    /** The first value of a header; null if there is none. */
    public String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** The query as it stands in the URL; null if there is none. */
    public String query() {
        return query;
    }

    public QueryParameters parameters() {
        if (parameters == null) {
            parameters = QueryParameters.parse(query);
        }
        return parameters;
    }

    /** The first value of a parameter; null if there is none. */
    public String parameter(String name) {
        return parameters().first(name);
    }

    Principal principal() {
        return principal.get();
    }

    boolean isInRole(String role) {
        return roles.test(role);
    }

    /** @param httpSession gives the session of the request, or null; not asked to create one */
    public HandshakeRequest withSession(Supplier<?> httpSession) {
        session = httpSession;
        return this;
    }

    /** The HttpSession; null if there is none. */
    Object session() {
        return session.get();
    }

    /** Tickets are not accepted for this request. */
    public HandshakeRequest refuseTickets() {
        refusesTickets = true;
        return this;
    }

    boolean refusesTickets() {
        return refusesTickets;
    }

    /** The identity that admission has found; null before. */
    public Identity identity() {
        return identity;
    }

    void identify(Identity found) {
        identity = found;
    }

    /**
     * The token that the request carries: in {@code Authorization}, among the subprotocols of a WebSocket, or in the query.
     *
     * @param inHeader whether {@code Authorization} is looked at, which may be for the container
     * @param inQuery whether the parameter {@code access_token} is looked at
     * @return null if there is none
     */
    String token(boolean inHeader, boolean inQuery) {
        String authorization = header("Authorization");
        if (inHeader && authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        for (String line : headers("Sec-WebSocket-Protocol")) {
            for (String protocol : line.split(",")) {
                if (protocol.strip().startsWith(BEARER_PROTOCOL)) {
                    return protocol.strip().substring(BEARER_PROTOCOL.length());
                }
            }
        }
        return inQuery ? parameter("access_token") : null;
    }
}
