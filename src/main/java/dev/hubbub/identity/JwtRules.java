package dev.hubbub.identity;

import java.time.Duration;
import java.util.List;

/**
 * What is asked of a JSON Web Token (RFC 7519).
 *
 * @param keys where the issuer's public keys are, a file or a URL with a JSON Web Key Set (RFC 7517); "" for none
 * @param secret of 32 bytes or more, for tokens signed by HS256; "" for none
 * @param issuer that the token must be of; "" for any
 * @param audience that the token must be for; "" for any
 * @param skew by how much the clocks of issuer and server may differ
 * @param names claims of which the first that is there names the user
 * @param roles claims whose values are the user's roles; with dots for claims within claims
 */
public record JwtRules(
        String keys,
        String secret,
        String issuer,
        String audience,
        Duration skew,
        List<String> names,
        List<String> roles) {
    /** Without the secret, for it may end in a log. */
    @Override
    public String toString() {
        return "tokens of " + (issuer.isEmpty() ? "any issuer" : issuer);
    }

    /** Whether there are any tokens to be taken. */
    public boolean areSet() {
        return !keys.isEmpty() || !secret.isEmpty();
    }
}
