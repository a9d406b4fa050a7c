package dev.hubbub.access;

import static dev.hubbub.access.RateLimiter.Verdict.REFUSED;
import static dev.hubbub.access.RateLimiter.Verdict.TAKEN;
import static dev.hubbub.access.RateLimiter.Verdict.TOO_MANY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final RateLimiter allowance = new RateLimiter(10, 3, 0);

    @Test
    void aBurstIsTakenThenSoManyASecond() {
        for (int i = 0; i < 3; i++) {
            assertThat(allowance.event(0)).isEqualTo(TAKEN);
        }
        assertThat(allowance.event(0)).isEqualTo(REFUSED);
        assertThat(allowance.event(SECOND / 10)).isEqualTo(TAKEN);
        assertThat(allowance.event(SECOND / 10)).isEqualTo(REFUSED);
    }

    @Test
    void whoGoesOnIsGivenUpAlsoIfSomeIsTakenInBetween() {
        int taken = 0;
        long now = 0;
        RateLimiter.Verdict verdict = allowance.event(now);
        while (verdict != TOO_MANY) {
            taken += verdict == TAKEN ? 1 : 0;
            now += SECOND / 25;
            verdict = allowance.event(now);
        }
        assertThat(taken).isBetween(4, 8); // the burst, and one more than once
        assertThat(now).isLessThan(SECOND);
    }

    @Test
    void aPauseIsForgiven() {
        for (int i = 0; i < 6; i++) {
            assertThat(allowance.event(0)).isNotEqualTo(TOO_MANY);
        }
        assertThat(allowance.event(SECOND)).isEqualTo(TAKEN);
        assertThat(allowance.event(SECOND)).isEqualTo(TAKEN);
        assertThat(allowance.event(SECOND)).isEqualTo(TAKEN);
        assertThat(allowance.event(SECOND)).isEqualTo(REFUSED);
    }
}
