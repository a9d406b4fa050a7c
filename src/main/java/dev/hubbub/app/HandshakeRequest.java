package dev.hubbub.app;

import dev.hubbub.Identity;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A request that opens a connection, whatever the transport; and who it was found to be of. Used by one thread. */
public final class HandshakeRequest {
    private final String socket;
    private final Function<String, List<String>> headers;
    private final String query;
    private final Supplier<Principal> principal;
    private final Predicate<String> roles;
    private Map<String, List<String>> parameters;
    private Identity identity;

    /**
     * @param socket the address of the socket's other end; null if the container hides it
     * @param headers gives the values of a header; null or none if there is none
     * @param query as it stands in the URL; null for none
     * @param principal gives whom the container takes it for, or null; asked when it matters, for a container may not know
     *     before
     * @param roles tells whether the container gives the principal a role
     */
    public HandshakeRequest(
            String socket,
            Function<String, List<String>> headers,
            String query,
            Supplier<Principal> principal,
            Predicate<String> roles) {
        this.socket = socket;
        this.headers = headers;
        this.query = query;
        this.principal = principal;
        this.roles = roles;
    }

    String socket() {
        return socket;
    }

    List<String> headers(String name) {
        List<String> values = headers.apply(name);
        return values == null ? List.of() : values;
    }

    /** The first value of a header, or null. */
    public String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    public String query() {
        return query;
    }

    /** The first value of a parameter, or null. */
    public String parameter(String name) {
        if (parameters == null) {
            parameters = parse(query);
        }
        List<String> values = parameters.get(name);
        return values == null ? null : values.get(0);
    }

    private static Map<String, List<String>> parse(String query) {
        Map<String, List<String>> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.computeIfAbsent(decoded(name), key -> new ArrayList<>(1)).add(decoded(value));
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }

    Principal principal() {
        return principal.get();
    }

    boolean isInRole(String role) {
        return roles.test(role);
    }

    /** Who it is of; null as long as nobody has looked. */
    public Identity identity() {
        return identity;
    }

    void identify(Identity found) {
        identity = found;
    }
}
