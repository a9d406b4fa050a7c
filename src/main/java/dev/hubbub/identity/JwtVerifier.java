package dev.hubbub.identity;

import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;

/**
 * Verifies JSON Web Tokens. The algorithm is fixed by the kind of key, and not by the token (RFC 8725, section 3.1): public
 * keys verify no HMAC, and a secret nothing else.
 */
public final class JwtVerifier implements TokenVerifier {
    /** RFC 7518, section 3.2: as long as the hash. */
    private static final int MIN_SECRET_BYTES = 32;

    /** More is no token but an attempt to keep the server busy. */
    private static final int MAX_LENGTH = 16_384;

    private static final AlgorithmConstraints PUBLIC_KEYS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.EDDSA);

    private static final AlgorithmConstraints SECRET =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256);

    private final JwtRules rules;
    private final JwtConsumer consumer;

    /**
     * @param aside does what takes time: asks the issuer for keys
     * @throws IllegalArgumentException if the keys cannot be read, or the secret is too short
     */
    public JwtVerifier(JwtRules rules, Executor aside) {
        this.rules = rules;
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds((int) rules.skew().toSeconds());
        if (!rules.issuer().isEmpty()) {
            builder.setExpectedIssuer(rules.issuer());
        }
        if (rules.audience().isEmpty()) {
            builder.setSkipDefaultAudienceValidation();
        } else {
            builder.setExpectedAudience(rules.audience());
        }
        if (rules.secret().isEmpty()) {
            builder.setVerificationKeyResolver(IssuerKeys.of(rules.keys(), aside))
                    .setJwsAlgorithmConstraints(PUBLIC_KEYS);
        } else {
            byte[] secret = rules.secret().getBytes(StandardCharsets.UTF_8);
            if (secret.length < MIN_SECRET_BYTES) {
                throw new IllegalArgumentException("A secret has at least " + MIN_SECRET_BYTES + " bytes");
            }
            builder.setVerificationKey(new HmacKey(secret)).setJwsAlgorithmConstraints(SECRET);
        }
        consumer = builder.build();
    }

    @Override
    public Identity verify(String token) {
        if (token.length() > MAX_LENGTH) {
            throw refused("The token is too long");
        }
        try {
            JwtClaims claims = consumer.processToClaims(token);
            long until =
                    claims.getExpirationTime().getValueInMillis() + rules.skew().toMillis();
            return new Identity(name(claims), roles(claims), Instant.ofEpochMilli(until));
        } catch (InvalidJwtException invalid) {
            throw refused(reason(invalid));
        } catch (MalformedClaimException e) {
            throw refused("The token has claims of another form than expected");
        }
    }

    private static EventException refused(String message) {
        return new EventException(EventException.FORBIDDEN, message);
    }

    /** What helps who has a wrong token, and nobody who tries to make one. */
    private static String reason(InvalidJwtException invalid) {
        if (invalid.hasExpired()) {
            return "The token has expired";
        }
        if (invalid.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || invalid.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "The token is for somebody else";
        }
        return "The token is not valid";
    }

    private String name(JwtClaims claims) throws MalformedClaimException {
        for (String claim : rules.names()) {
            String name = claims.getStringClaimValue(claim);
            if (name != null && !name.isEmpty()) {
                return name;
            }
        }
        throw refused("The token names nobody");
    }

    private Set<String> roles(JwtClaims claims) {
        Set<String> roles = new HashSet<>();
        for (String path : rules.roles()) {
            Object value = claims.getClaimsMap();
            for (String part : path.split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(part) : null;
            }
            if (value instanceof String words) { // as OAuth's scope
                roles.addAll(List.of(words.split(" ")));
            } else if (value instanceof Collection<?> several) {
                several.forEach(role -> roles.add(String.valueOf(role)));
            }
        }
        return roles;
    }
}
