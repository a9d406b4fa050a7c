package dev.hubbub.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hubbub.EventException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Arbitrary bytes as a token are rejected with {@code forbidden}: no token without the secret authenticates a client. */
class TokenFuzz {
    private static final JwtVerifier VERIFIER = new JwtVerifier(
            new JwtRules(
                    "",
                    "a secret that no fuzzer is going to find",
                    "",
                    "",
                    Duration.ZERO,
                    List.of("sub"),
                    List.of("groups")),
            new RecordedTasks());

    @FuzzTest
    void arbitraryBytesAreRejected(byte[] bytes) {
        String token = new String(bytes, StandardCharsets.UTF_8);
        try {
            throw new AssertionError("Accepted: " + VERIFIER.verify(token));
        } catch (EventException rejected) {
            assertThat(rejected.code()).isEqualTo(EventException.FORBIDDEN);
        }
    }
}
