package dev.hubbub;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The request with which a client has connected.
 *
 * @param remoteAddress the address of the client, see {@link Client#remoteAddress()}
 * @param forwarded whether a trusted proxy has told the address in a header; otherwise it is that of the connection
 * @param headers the headers of the request; names are case-insensitive
 * @param query the decoded query parameters
 * @param identity the identity of the client at the handshake
 * @param auth the object that a Socket.IO client has sent as {@code auth}; an empty object if there is none
 */
public record Handshake(
        String remoteAddress,
        boolean forwarded,
        Map<String, List<String>> headers,
        Map<String, List<String>> query,
        Identity identity,
        Data auth) {
    public Handshake {
        Map<String, List<String>> caseInsensitive = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        caseInsensitive.putAll(headers);
        headers = caseInsensitive;
        query = Map.copyOf(query);
    }

    public Handshake(
            String remoteAddress,
            Map<String, List<String>> headers,
            Map<String, List<String>> query,
            Identity identity) {
        this(remoteAddress, false, headers, query, identity, Data.of(Map.of()));
    }

    /** The principal of the handshake; empty for an anonymous client. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(identity.principal());
    }

    /** A copy with another {@code auth}. */
    public Handshake withAuth(Data newAuth) {
        return new Handshake(remoteAddress, forwarded, headers, query, identity, newAuth);
    }

    /** A copy with another identity. */
    public Handshake withIdentity(Identity newIdentity) {
        return new Handshake(remoteAddress, forwarded, headers, query, newIdentity, auth);
    }

    /** The first value of a header; empty if the request does not have it. */
    public Optional<String> header(String name) {
        return first(headers.get(name));
    }

    /** The first value of a query parameter; empty if the request does not have it. */
    public Optional<String> parameter(String name) {
        return first(query.get(name));
    }

    private static Optional<String> first(List<String> values) {
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
