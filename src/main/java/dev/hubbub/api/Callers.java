package dev.hubbub.api;

import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.access.RequestLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.app.Settings;
import dev.hubbub.http.Requests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The callers of the API: programs that send one of the keys, and users with the role {@link #ROLE}. */
final class Callers {
    static final String ROLE = "hubbub-api";

    private static final String BEARER = "bearer ";
    private static final int RETRY_SECONDS = 10;

    private final Hubbub hubbub;
    private final List<Caller> keys = new ArrayList<>();
    private final Caller users;

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
        Settings.Api settings = hubbub.settings().api();
        for (String key : settings.keys()) {
            keys.add(new Caller("key " + keys.size(), digest(key), new RequestLimiter(settings.eventsPerSecond())));
        }
        users = new Caller("role " + ROLE, null, new RequestLimiter(settings.eventsPerSecond()));
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
        if (keys.isEmpty()) {
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
        byte[] digest = digest(sent);
        Caller found = null;
        for (Caller key : keys) {
            if (MessageDigest.isEqual(digest, key.digest())) {
                found = key;
            }
        }
        return found;
    }
}
