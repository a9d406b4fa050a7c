package dev.hubbub.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.hubbub.EventException;
import dev.hubbub.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtVerifierTest {
    private static final Tokens TOKENS = new Tokens();
    private static final String SECRET = "a secret of thirty-two bytes, or more";

    @TempDir
    private Path folder;

    private Path file;
    private JwtVerifier verifier;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("keys.json");
        Files.writeString(file, TOKENS.keys());
        verifier = new JwtVerifier(rules(file.toString(), ""), Runnable::run);
    }

    private static JwtRules rules(String keys, String secret) {
        return new JwtRules(
                keys,
                secret,
                Tokens.ISSUER,
                Tokens.AUDIENCE,
                Duration.ZERO,
                List.of("upn", "sub"),
                List.of("groups", "realm_access.roles", "scope"));
    }

    private void refuses(String token, String message) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOf(EventException.class)
                .hasMessage(message);
    }

    private static String signed(JwtClaims claims) {
        return Tokens.sign(claims, TOKENS.rsa, AlgorithmIdentifiers.RSA_USING_SHA256);
    }

    @Test
    void takesWhatTheIssuerSignedWithAnyOfItsKeys() {
        JwtClaims claims = Tokens.claims("kim", 60, "user");
        for (String token : List.of(
                signed(claims),
                Tokens.sign(claims, TOKENS.rsa, AlgorithmIdentifiers.RSA_PSS_USING_SHA256),
                Tokens.sign(claims, TOKENS.ec, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256),
                Tokens.sign(claims, TOKENS.ed, AlgorithmIdentifiers.EDDSA))) {
            Identity kim = verifier.verify(token);
            assertThat(kim.name()).isEqualTo("kim");
            assertThat(kim.roles()).containsExactly("user");
            assertThat(kim.until())
                    .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));
        }
    }

    @Test
    void readsNamesAndRolesFromTheClaimsThatAreSet() {
        JwtClaims claims = Tokens.claims("1234", 60, "a");
        claims.setStringClaim("upn", "kim@example.org");
        claims.setClaim("realm_access", Map.of("roles", List.of("b")));
        claims.setClaim("scope", "c d");
        Identity kim = verifier.verify(signed(claims));
        assertThat(kim.name()).isEqualTo("kim@example.org");
        assertThat(kim.roles()).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void refusesWhatIsNotForNowOrNotForHere() {
        refuses(signed(Tokens.claims("kim", -1)), "The token has expired");
        JwtClaims early = Tokens.claims("kim", 60);
        early.setNotBeforeMinutesInThePast(-5);
        refuses(signed(early), "The token is not valid");
        JwtClaims other = Tokens.claims("kim", 60);
        other.setAudience("another service");
        refuses(signed(other), "The token is for somebody else");
        JwtClaims foreign = Tokens.claims("kim", 60);
        foreign.setIssuer("https://evil.example");
        refuses(signed(foreign), "The token is not valid");
        JwtClaims endless = Tokens.claims("kim", 60);
        endless.unsetClaim("exp");
        refuses(signed(endless), "The token is not valid");
        JwtClaims nameless = Tokens.claims("kim", 60);
        nameless.unsetClaim("sub");
        refuses(signed(nameless), "The token names nobody");
    }

    @Test
    void refusesWhatTheIssuerDidNotSign() {
        JwtClaims claims = Tokens.claims("kim", 60, "admin");
        refuses(Tokens.unsigned(claims), "The token is not valid");
        refuses(Tokens.sign(claims, new Tokens().rsa, AlgorithmIdentifiers.RSA_USING_SHA256), "The token is not valid");
        // The public key, which everybody knows, as the secret of an HMAC (RFC 8725, section 2.1).
        refuses(Tokens.sign(claims, TOKENS.rsa.getPublicKey().getEncoded(), "rsa"), "The token is not valid");
        String good = signed(claims);
        String[] parts = good.split("\\.");
        refuses(parts[0] + "." + parts[1] + ".", "The token is not valid");
        refuses(
                parts[0] + "." + signed(Tokens.claims("boss", 60)).split("\\.")[1] + "." + parts[2],
                "The token is not valid");
        for (String nonsense : List.of("", ".", "..", "a.b.c", "\u0000", "{}", good + "x", " " + good.substring(1))) {
            refuses(nonsense, "The token is not valid");
        }
        refuses("x".repeat(20_000), "The token is too long");
    }

    @Test
    void aSecretVerifiesWhatItSigned() {
        verifier = new JwtVerifier(rules("", SECRET), Runnable::run);
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        assertThat(verifier.verify(Tokens.sign(Tokens.claims("kim", 60), secret, "any"))
                        .name())
                .isEqualTo("kim");
        refuses(
                Tokens.sign(
                        Tokens.claims("kim", 60),
                        "another secret of thirty-two bytes".getBytes(StandardCharsets.UTF_8),
                        "any"),
                "The token is not valid");
        refuses(signed(Tokens.claims("kim", 60)), "The token is not valid");
        refuses(Tokens.unsigned(Tokens.claims("kim", 60)), "The token is not valid");
        assertThatThrownBy(() -> new JwtVerifier(rules("", "short"), Runnable::run))
                .hasMessage("A secret has at least 32 bytes");
    }

    @Test
    void aFileThatHasChangedIsReadAgain() throws Exception {
        Tokens others = new Tokens();
        String token = others.token("kim");
        refuses(token, "The token is not valid");
        Files.writeString(file, others.keys());
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(verifier.verify(token).name()).isEqualTo("kim");
        Files.writeString(file, "rubbish");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
        assertThat(verifier.verify(token).name()).isEqualTo("kim");
    }

    @Test
    void aFileWithoutKeysIsRefusedAtTheStart() {
        assertThatThrownBy(() -> new JwtVerifier(rules(folder.resolve("none").toString(), ""), Runnable::run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
    }

    @Test
    void aUrlIsAskedAsideAndNotForEachUnknownKey() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] keys = TOKENS.keys().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        try {
            List<Runnable> aside = new ArrayList<>();
            String url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/";
            verifier = new JwtVerifier(rules(url, ""), aside::add);
            refuses(TOKENS.token("kim"), "The token is not valid"); // nobody waited for the keys
            assertThat(aside).hasSize(1);
            aside.remove(0).run();
            await().until(() -> verifier.verify(TOKENS.token("kim")).name().equals("kim"));
            String unknown = new Tokens().token("kim");
            for (int i = 0; i < 5; i++) {
                refuses(unknown, "The token is not valid");
            }
            assertThat(aside).isEmpty();
            assertThat(asked).hasValue(1);
        } finally {
            issuer.stop(0);
        }
    }
}
