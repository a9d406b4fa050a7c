package dev.hubbub.access;

import static dev.hubbub.access.RateLimiter.Decision.ALLOWED;
import static dev.hubbub.access.RateLimiter.Decision.CLOSE;
import static dev.hubbub.access.RateLimiter.Decision.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final RateLimiter limiter = new RateLimiter(10, 3, 0);

    @Test
    void aBurstIsAllowedAndThenTheRatePerSecond() {
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.check(0)).isEqualTo(ALLOWED);
        }
        assertThat(limiter.check(0)).isEqualTo(REJECTED);
        assertThat(limiter.check(SECOND / 10)).isEqualTo(ALLOWED);
        assertThat(limiter.check(SECOND / 10)).isEqualTo(REJECTED);
    }

    @Test
    void aClientThatKeepsExceedingTheRateIsClosedEvenIfSomeEventsAreAllowed() {
        int allowed = 0;
        long now = 0;
        RateLimiter.Decision decision = limiter.check(now);
        while (decision != CLOSE) {
            allowed += decision == ALLOWED ? 1 : 0;
            now += SECOND / 25;
            decision = limiter.check(now);
        }
        assertThat(allowed).isBetween(4, 8); // the burst, and one more than once
        assertThat(now).isLessThan(SECOND);
    }

    @Test
    void aPauseResetsTheRejectedEvents() {
        for (int i = 0; i < 6; i++) {
            assertThat(limiter.check(0)).isNotEqualTo(CLOSE);
        }
        assertThat(limiter.check(SECOND)).isEqualTo(ALLOWED);
        assertThat(limiter.check(SECOND)).isEqualTo(ALLOWED);
        assertThat(limiter.check(SECOND)).isEqualTo(ALLOWED);
        assertThat(limiter.check(SECOND)).isEqualTo(REJECTED);
    }
}
