package dev.hubbub.identity;

import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** An issuer of valid and invalid tokens. */
public final class Tokens {
    public static final String ISSUER = "https://issuer.example";
    public static final String AUDIENCE = "hubbub";

    public final PublicJsonWebKey rsa;
    public final PublicJsonWebKey ec;
    public final PublicJsonWebKey ed;

    public Tokens() {
        try {
            rsa = RsaJwkGenerator.generateJwk(2048);
            rsa.setKeyId("rsa");
            ec = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            ec.setKeyId("ec");
            ed = OkpJwkGenerator.generateJwk("Ed25519");
            ed.setKeyId("ed");
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JSON Web Key Set that the issuer publishes. */
    public String keys() {
        return new JsonWebKeySet(List.of(rsa, ec, ed)).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    /** Valid claims that expire after some seconds. */
    public static JwtClaims claims(String user, long seconds, String... roles) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(user);
        claims.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() + seconds));
        claims.setStringListClaim("groups", List.of(roles));
        return claims;
    }

    /** A token that is valid for ten minutes. */
    public String token(String user, String... roles) {
        return sign(claims(user, 600, roles), ec, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    }

    /** A token that is valid for some seconds. */
    public String token(String user, long seconds) {
        return sign(claims(user, seconds), ec, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    }

    public static String sign(JwtClaims claims, PublicJsonWebKey key, String algorithm) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(key.getPrivateKey());
        return serialize(signature);
    }

    public static String sign(JwtClaims claims, byte[] secret, String keyId) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKeyIdHeaderValue(keyId);
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        signature.setKey(new HmacKey(secret));
        return serialize(signature);
    }

    /** A token with {@code "alg": "none"}. */
    public static String unsigned(JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setPayload(claims.toJson());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
        return serialize(signature);
    }

    private static String serialize(JsonWebSignature signature) {
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
