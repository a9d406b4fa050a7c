package dev.hubbub.identity;

import java.time.Duration;
import java.util.List;

/**
 * The requirements that a JSON Web Token (RFC 7519) must meet.
 *
 * @param keys the file or URL of the issuer's public keys, a JSON Web Key Set (RFC 7517); "" for none
 * @param secret the secret of tokens signed with HS256, at least 32 bytes; "" for none
 * @param issuer the required claim {@code iss}; "" for any
 * @param audience the required claim {@code aud}; "" for any
 * @param clockSkew the largest difference between the clocks of issuer and server
 * @param nameClaims the claims that may name the user; the first one present is used
 * @param roleClaims the claims whose values are the user's roles; a dot leads into a nested claim
 */
public record JwtRules(
        String keys,
        String secret,
        String issuer,
        String audience,
        Duration clockSkew,
        List<String> nameClaims,
        List<String> roleClaims) {
    /** Omits the secret, because the text may end up in a log. */
    @Override
    public String toString() {
        return "tokens of " + (issuer.isEmpty() ? "any issuer" : issuer);
    }

    /** Whether tokens can be verified: there are keys or a secret. */
    public boolean isConfigured() {
        return !keys.isEmpty() || !secret.isEmpty();
    }
}
