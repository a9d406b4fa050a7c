package dev.hubbub;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client said when it connected.
 *
 * @param remoteAddress the client's address, see {@link Client#remoteAddress()}
 * @param headers the request's headers; names in any case
 * @param query the decoded query parameters
 * @param identity who the client is by its opening request
 * @param auth what a Socket.IO client gave as {@code auth}, an object; empty if it gave nothing
 */
public record Handshake(
        String remoteAddress,
        Map<String, List<String>> headers,
        Map<String, List<String>> query,
        Identity identity,
        Data auth) {
    public Handshake {
        Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = anyCase;
        query = Map.copyOf(query);
    }

    public Handshake(
            String remoteAddress,
            Map<String, List<String>> headers,
            Map<String, List<String>> query,
            Identity identity) {
        this(remoteAddress, headers, query, identity, Data.trusted("{}"));
    }

    /** Empty for a client that was anonymous when it connected. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(identity.principal());
    }

    /** The same with what the client gave as {@code auth}. */
    public Handshake withAuth(Data given) {
        return new Handshake(remoteAddress, headers, query, identity, given);
    }

    /** The same of somebody else. */
    public Handshake withIdentity(Identity found) {
        return new Handshake(remoteAddress, headers, query, found, auth);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return first(headers.get(name));
    }

    /** The first value of a query parameter. */
    public Optional<String> parameter(String name) {
        return first(query.get(name));
    }

    private static Optional<String> first(List<String> values) {
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
