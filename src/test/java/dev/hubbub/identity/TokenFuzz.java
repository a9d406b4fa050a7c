package dev.hubbub.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hubbub.EventException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Whatever comes as a token: nobody who does not know the secret is let in, and nothing else happens. */
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
            Runnable::run);

    @FuzzTest
    void nobodyIsLetIn(byte[] bytes) {
        String token = new String(bytes, StandardCharsets.UTF_8);
        try {
            throw new AssertionError("Let in: " + VERIFIER.verify(token));
        } catch (EventException refused) {
            assertThat(refused.code()).isEqualTo(EventException.FORBIDDEN);
        }
    }
}
