package dev.hubbub.api;

import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.access.RequestLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.http.Requests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The callers of the API: programs that send one of the keys, and users with the role {@link #ROLE}. */
final class Callers {
    static final String ROLE = "hubbub-api";

    private static final String BEARER = "bearer ";
    private static final int RETRY_SECONDS = 10;

    private final Hubbub hubbub;
    private final Caller users;

    private volatile Keys keys = new Keys(List.of(), List.of());
    private int named; // guarded by this

    /** @param source from which the callers were made */
    private record Keys(List<String> source, List<Caller> callers) {}

    /**
     * A user of the API.
     *
     * @param name tells callers apart; not a key itself
     * @param digest of the key; null for users with the role
     */
    record Caller(String name, byte[] digest, RequestLimiter limiter) {
        /** @throws Problem 429 */
        void charge(int events) {
            if (!limiter.tryTake(events)) {
                throw Problem.tooMany("Too many requests or events of this caller", 1);
            }
        }
    }

    Callers(Hubbub hubbub) {
        this.hubbub = hubbub;
        users = new Caller("role " + ROLE, null, limiter());
    }

    private RequestLimiter limiter() {
        return new RequestLimiter(hubbub.settings().api().eventsPerSecond());
    }

    /** Those of the present keys; they change while Hubbub runs. */
    private List<Caller> byKeys() {
        Keys known = keys;
        return known.source() == hubbub.apiKeys().current() ? known.callers() : renewed();
    }

    /** A key that remains keeps its name and its limit; a name is not given again to another key. */
    private synchronized List<Caller> renewed() {
        List<String> source = hubbub.apiKeys().current();
        if (keys.source() != source) {
            List<Caller> callers = new ArrayList<>();
            for (String key : source) {
                byte[] digest = digest(key);
                callers.add(
                        find(keys.callers(), digest).orElseGet(() -> new Caller("key " + named++, digest, limiter())));
            }
            keys = new Keys(source, callers);
        }
        return keys.callers();
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has SHA-256
        }
    }

    /**
     * The caller that has sent a request. Nothing else of the request is looked at. May block.
     *
     * @return null if the request has no valid credentials; see {@link #refusal}
     */
    Caller find(HttpServletRequest request) {
        String credentials = bearer(request);
        Caller byKey = credentials == null ? null : byKey(credentials);
        if (byKey != null) {
            return byKey;
        }
        if (credentials != null && hubbub.admission().acceptsTokens()) {
            return identity(credentials).isInRole(ROLE) ? users : null;
        }
        // The browser of a user whom the container knows may send the credentials for a page of any site.
        return request.getUserPrincipal() != null
                        && request.isUserInRole(ROLE)
                        && hubbub.admission().allowsOrigin(Requests.handshakeRequest(request))
                ? users
                : null;
    }

    /** Anonymous if the token is invalid. */
    private Identity identity(String token) {
        try {
            return hubbub.admission().verify(token);
        } catch (RejectedException rejected) {
            if (rejected.status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
                throw new Problem(rejected.status(), rejected.code(), rejected.getMessage());
            }
            return Identity.ANONYMOUS;
        }
    }

    /** Why a request without a caller is refused: 404 if the API is off, 403, 401, or 429 after many wrong keys. */
    Problem refusal(HttpServletRequest request) {
        if (byKeys().isEmpty()) {
            return Problem.notFound("The HTTP API is off");
        }
        String credentials = bearer(request);
        boolean authenticated = credentials != null && hubbub.admission().acceptsTokens()
                ? !identity(credentials).isAnonymous()
                : request.getUserPrincipal() != null;
        if (authenticated) {
            return new Problem(
                    HttpServletResponse.SC_FORBIDDEN,
                    EventException.FORBIDDEN,
                    "The API needs a key, or a user with the role " + ROLE + " and a page of an allowed origin");
        }
        try {
            hubbub.admission().countAttempt(Requests.handshakeRequest(request));
            return Problem.unauthorized();
        } catch (RejectedException tooMany) {
            return Problem.tooMany("Too many requests from this address", RETRY_SECONDS);
        }
    }

    private static String bearer(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }

    /** Compares with every key, in a time that does not depend on the keys. */
    private Caller byKey(String sent) {
        return find(byKeys(), digest(sent)).orElse(null);
    }

    private static Optional<Caller> find(List<Caller> keys, byte[] digest) {
        Caller found = null;
        for (Caller key : keys) {
            if (MessageDigest.isEqual(digest, key.digest())) {
                found = key;
            }
        }
        return Optional.ofNullable(found);
    }
}
