package dev.hubbub;

import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The request with which a client has connected.
 *
 * <pre>{@code
 * @OnConnect void hello(Client client, Handshake handshake) {
 *     String theme = handshake.cookie("theme").orElse("light");
 *     Cart cart = handshake.session().map(session -> (Cart) session.getAttribute("cart")).orElse(null);
 *     client.emit("welcome", Texts.of(handshake.locale().orElse(Locale.ENGLISH)).welcome());
 * }
 * }</pre>
 *
 * @param remoteAddress the address of the client, see {@link Client#remoteAddress()}
 * @param forwarded whether the address was sent by a trusted proxy in a header; otherwise it is that of the connection
 * @param headers the headers of the request; names are case-insensitive
 * @param query the decoded query parameters
 * @param identity the identity of the client at the handshake
 * @param auth the object that a Socket.IO client has sent as {@code auth}; an empty object if there is none
 * @param httpSession see {@link #session()}; null if there is none
 */
public record Handshake(
        String remoteAddress,
        boolean forwarded,
        Map<String, List<String>> headers,
        Map<String, List<String>> query,
        Identity identity,
        Data auth,
        Object httpSession) {
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
        this(remoteAddress, false, headers, query, identity, Data.of(Map.of()), null);
    }

    /** The principal of the handshake; empty for an anonymous client. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(identity.principal());
    }

    /** A copy with another {@code auth}. */
    public Handshake withAuth(Data newAuth) {
        return new Handshake(remoteAddress, forwarded, headers, query, identity, newAuth, httpSession);
    }

    /** A copy with another identity. */
    public Handshake withIdentity(Identity newIdentity) {
        return new Handshake(remoteAddress, forwarded, headers, query, newIdentity, auth, httpSession);
    }

    /** The first value of a header; empty if the request does not have it. */
    public Optional<String> header(String name) {
        return first(headers.get(name));
    }

    /** The first value of a query parameter; empty if the request does not have it. */
    public Optional<String> parameter(String name) {
        return first(query.get(name));
    }

    /** The value of a cookie; empty if the request does not have it (RFC 6265, section 5.4). */
    public Optional<String> cookie(String name) {
        for (String line : headers.getOrDefault("Cookie", List.of())) {
            for (String pair : line.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    String value = pair.substring(equals + 1).strip();
                    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                    return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The session of the web application that the request belonged to: what a servlet or a page has put into it, such as a
     * shopping cart. It is empty if there was none, and always in the standalone server. Hubbub does not create one, and does not keep
     * it alive; its methods throw an {@code IllegalStateException} once it has been invalidated.
     */
    public Optional<HttpSession> session() {
        return Optional.ofNullable((HttpSession) httpSession);
    }

    /** The language that the user prefers most, by the header {@code Accept-Language}; empty if it has none. */
    public Optional<Locale> locale() {
        try {
            return header("Accept-Language")
                    .flatMap(value -> Locale.LanguageRange.parse(value).stream()
                            .map(Locale.LanguageRange::getRange)
                            .filter(range -> !range.equals("*"))
                            .map(Locale::forLanguageTag)
                            .findFirst());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The header {@code User-Agent}; empty if the request does not have it. A client can send anything. */
    public Optional<String> userAgent() {
        return header("User-Agent");
    }

    private static Optional<String> first(List<String> values) {
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
