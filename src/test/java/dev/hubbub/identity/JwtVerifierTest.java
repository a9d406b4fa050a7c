package dev.hubbub.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.RecordedLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
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
        verifier = new JwtVerifier(rules(file.toString(), ""), new RecordedTasks());
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

    @Test
    void settingsThatAcceptTooMuchAreWarnedOf() {
        try (RecordedLog log = new RecordedLog(Level.WARNING)) {
            JwtRules anyService = new JwtRules("", SECRET, "", "", Duration.ZERO, List.of("sub"), List.of("groups"));
            new JwtVerifier(anyService, new RecordedTasks());
            assertThat(log.messages).singleElement().asString().contains("hubbub.jwt-issuer", "hubbub.jwt-audience");
        }
        try (RecordedLog log = new RecordedLog(Level.WARNING)) {
            new JwtVerifier(rules("http://127.0.0.1:1/keys", ""), new RecordedTasks());
            assertThat(log.messages).singleElement().asString().contains("fetched by http");
        }
        try (RecordedLog log = new RecordedLog(Level.WARNING)) {
            new JwtVerifier(rules("", SECRET), new RecordedTasks());
            assertThat(log.messages).isEmpty();
        }
    }

    private void assertRejected(String token, String message) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOf(EventException.class)
                .hasMessage(message);
    }

    private static String signed(JwtClaims claims) {
        return Tokens.sign(claims, TOKENS.rsa, AlgorithmIdentifiers.RSA_USING_SHA256);
    }

    @Test
    void aTokenSignedWithAnyKeyOfTheIssuerIsAccepted() {
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
    void nameAndRolesComeFromTheConfiguredClaims() {
        JwtClaims claims = Tokens.claims("1234", 60, "a");
        claims.setStringClaim("upn", "kim@example.org");
        claims.setClaim("realm_access", Map.of("roles", List.of("b")));
        claims.setClaim("scope", "c d");
        Identity kim = verifier.verify(signed(claims));
        assertThat(kim.name()).isEqualTo("kim@example.org");
        assertThat(kim.roles()).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void anExpiredOrForeignTokenIsRejected() {
        assertRejected(signed(Tokens.claims("kim", -1)), "The token has expired");
        JwtClaims early = Tokens.claims("kim", 60);
        early.setNotBeforeMinutesInThePast(-5);
        assertRejected(signed(early), "The token is not valid");
        JwtClaims other = Tokens.claims("kim", 60);
        other.setAudience("another service");
        assertRejected(signed(other), "The token is for another service");
        JwtClaims foreign = Tokens.claims("kim", 60);
        foreign.setIssuer("https://evil.example");
        assertRejected(signed(foreign), "The token is not valid");
        JwtClaims endless = Tokens.claims("kim", 60);
        endless.unsetClaim("exp");
        assertRejected(signed(endless), "The token is not valid");
        JwtClaims nameless = Tokens.claims("kim", 60);
        nameless.unsetClaim("sub");
        assertRejected(signed(nameless), "The token does not name a user");
    }

    @Test
    void aTokenThatTheIssuerDidNotSignIsRejected() {
        JwtClaims claims = Tokens.claims("kim", 60, "admin");
        assertRejected(Tokens.unsigned(claims), "The token is not valid");
        assertRejected(
                Tokens.sign(claims, new Tokens().rsa, AlgorithmIdentifiers.RSA_USING_SHA256), "The token is not valid");
        // The public key, which everybody knows, as the secret of an HMAC (RFC 8725, section 2.1).
        assertRejected(Tokens.sign(claims, TOKENS.rsa.getPublicKey().getEncoded(), "rsa"), "The token is not valid");
        String good = signed(claims);
        String[] parts = good.split("\\.");
        assertRejected(parts[0] + "." + parts[1] + ".", "The token is not valid");
        assertRejected(
                parts[0] + "." + signed(Tokens.claims("boss", 60)).split("\\.")[1] + "." + parts[2],
                "The token is not valid");
        for (String nonsense : List.of("", ".", "..", "a.b.c", "\u0000", "{}", good + "x", " " + good.substring(1))) {
            assertRejected(nonsense, "The token is not valid");
        }
        assertRejected("x".repeat(20_000), "The token is too long");
    }

    @Test
    void aSecretVerifiesOnlyTokensSignedWithIt() {
        verifier = new JwtVerifier(rules("", SECRET), new RecordedTasks());
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        assertThat(verifier.verify(Tokens.sign(Tokens.claims("kim", 60), secret, "any"))
                        .name())
                .isEqualTo("kim");
        assertRejected(
                Tokens.sign(
                        Tokens.claims("kim", 60),
                        "another secret of thirty-two bytes".getBytes(StandardCharsets.UTF_8),
                        "any"),
                "The token is not valid");
        assertRejected(signed(Tokens.claims("kim", 60)), "The token is not valid");
        assertRejected(Tokens.unsigned(Tokens.claims("kim", 60)), "The token is not valid");
        assertThatThrownBy(() -> new JwtVerifier(rules("", "short"), new RecordedTasks()))
                .hasMessage("A secret must have at least 32 bytes");
    }

    @Test
    void aChangedKeyFileIsReadAgain() throws Exception {
        Tokens others = new Tokens();
        String token = others.token("kim");
        assertRejected(token, "The token is not valid");
        Files.writeString(file, others.keys());
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(verifier.verify(token).name()).isEqualTo("kim");
        Files.writeString(file, "rubbish");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
        assertThat(verifier.verify(token).name()).isEqualTo("kim");
    }

    @Test
    void aKeyFileThatCannotBeReadStopsTheStart() {
        assertThatThrownBy(() -> new JwtVerifier(rules(folder.resolve("none").toString(), ""), new RecordedTasks()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
    }

    @Test
    void aUrlIsFetchedInTheBackgroundAndNotForEachUnknownKey() throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/", exchange -> {
            fetched.incrementAndGet();
            byte[] keys = TOKENS.keys().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        try {
            RecordedTasks background = new RecordedTasks();
            String url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/";
            verifier = new JwtVerifier(rules(url, ""), background);
            assertRejected(TOKENS.token("kim"), "The token is not valid"); // does not wait for the keys
            assertThat(background.tasks).hasSize(1);
            background.runAll();
            await().until(() -> verifier.verify(TOKENS.token("kim")).name().equals("kim"));
            String unknown = new Tokens().token("kim");
            for (int i = 0; i < 5; i++) {
                assertRejected(unknown, "The token is not valid");
            }
            assertThat(background.tasks).isEmpty();
            assertThat(fetched).hasValue(1);
        } finally {
            issuer.stop(0);
        }
    }

    @Test
    void aWithdrawnKeyEndsAlsoIfNobodyConnectsOrTheIssuerCannotBeReached() throws Exception {
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String[] published = {TOKENS.keys()};
        issuer.createContext("/", exchange -> {
            byte[] keys = published[0].getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        RecordedTasks background = new RecordedTasks();
        AtomicLong now = new AtomicLong();
        try {
            String url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/";
            verifier = new JwtVerifier(rules(url, ""), background, now::get);
            background.runAll();
            String token = TOKENS.token("kim");
            assertThat(verifier.verify(token).name()).isEqualTo("kim");
            published[0] = new Tokens().keys(); // the key has been withdrawn
            assertThat(verifier.verify(token).name()).isEqualTo("kim");
            now.addAndGet(IssuerKeys.FETCH_INTERVAL.toNanos());
            background.repeated.forEach(Runnable::run);
            background.runAll();
            assertRejected(token, "The token is not valid");
            published[0] = TOKENS.keys();
            background.repeated.forEach(Runnable::run);
            background.runAll();
            assertThat(verifier.verify(token).name()).isEqualTo("kim");
        } finally {
            issuer.stop(0);
        }
        now.addAndGet(IssuerKeys.MAX_AGE.toNanos());
        background.repeated.forEach(Runnable::run);
        background.runAll(); // in vain
        assertThat(verifier.verify(TOKENS.token("kim")).name()).isEqualTo("kim");
        now.addAndGet(1);
        assertRejected(TOKENS.token("kim"), "The token is not valid");
    }
}
