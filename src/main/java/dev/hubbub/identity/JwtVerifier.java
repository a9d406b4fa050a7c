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
import java.util.function.LongSupplier;
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
 * Verifies JSON Web Tokens. The kind of key determines the algorithm, not the token (RFC 8725, section 3.1): public keys never
 * verify an HMAC, and a secret verifies nothing else.
 */
public final class JwtVerifier implements TokenVerifier {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** The secret must be as long as the hash (RFC 7518, section 3.2). */
    private static final int MIN_SECRET_BYTES = 32;

    /** Longer tokens are rejected unread, because verifying them would keep the server busy. */
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
     * @param background fetches the issuer's keys if they have a URL
     * @throws IllegalArgumentException if the keys cannot be read, or the secret is too short
     */
    public JwtVerifier(JwtRules rules, BackgroundTasks background) {
        this(rules, background, System::nanoTime);
    }

    JwtVerifier(JwtRules rules, BackgroundTasks background, LongSupplier clock) {
        this.rules = rules;
        if (rules.issuer().isEmpty() && rules.audience().isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Neither hubbub.jwt-issuer nor hubbub.jwt-audience is set: tokens that were issued for another service"
                            + " are accepted");
        }
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds((int) rules.clockSkew().toSeconds());
        if (!rules.issuer().isEmpty()) {
            builder.setExpectedIssuer(rules.issuer());
        }
        if (rules.audience().isEmpty()) {
            builder.setSkipDefaultAudienceValidation();
        } else {
            builder.setExpectedAudience(rules.audience());
        }
        if (rules.secret().isEmpty()) {
            builder.setVerificationKeyResolver(IssuerKeys.of(rules.keys(), background, clock))
                    .setJwsAlgorithmConstraints(PUBLIC_KEYS);
        } else {
            byte[] secret = rules.secret().getBytes(StandardCharsets.UTF_8);
            if (secret.length < MIN_SECRET_BYTES) {
                throw new IllegalArgumentException("A secret must have at least " + MIN_SECRET_BYTES + " bytes");
            }
            builder.setVerificationKey(new HmacKey(secret)).setJwsAlgorithmConstraints(SECRET);
        }
        consumer = builder.build();
    }

    @Override
    public Identity verify(String token) {
        if (token.length() > MAX_LENGTH) {
            throw rejected("The token is too long");
        }
        try {
            JwtClaims claims = consumer.processToClaims(token);
            long until = claims.getExpirationTime().getValueInMillis()
                    + rules.clockSkew().toMillis();
            return new Identity(name(claims), roles(claims), Instant.ofEpochMilli(until));
        } catch (InvalidJwtException invalid) {
            throw rejected(reason(invalid));
        } catch (MalformedClaimException e) {
            throw rejected("A claim of the token has an unexpected type");
        }
    }

    private static EventException rejected(String message) {
        return new EventException(EventException.FORBIDDEN, message);
    }

    /** A reason that helps the owner of an unsuitable token and does not help an attacker who forges one. */
    private static String reason(InvalidJwtException invalid) {
        if (invalid.hasExpired()) {
            return "The token has expired";
        }
        if (invalid.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || invalid.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "The token is for another service";
        }
        return "The token is not valid";
    }

    private String name(JwtClaims claims) throws MalformedClaimException {
        for (String claim : rules.nameClaims()) {
            String name = claims.getStringClaimValue(claim);
            if (name != null && !name.isEmpty()) {
                return name;
            }
        }
        throw rejected("The token does not name a user");
    }

    private Set<String> roles(JwtClaims claims) {
        Set<String> roles = new HashSet<>();
        for (String path : rules.roleClaims()) {
            Object value = claims.getClaimsMap();
            for (String part : path.split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(part) : null;
            }
            if (value instanceof String words) { // separated by blanks, like the claim "scope" of OAuth
                roles.addAll(List.of(words.split(" ")));
            } else if (value instanceof Collection<?> several) {
                several.forEach(role -> roles.add(String.valueOf(role)));
            }
        }
        return roles;
    }
}
