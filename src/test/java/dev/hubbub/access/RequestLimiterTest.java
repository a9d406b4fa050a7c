package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestLimiterTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aBurstOfTenSecondsIsAllowedAndThenTheRate() {
        RequestLimiter limiter = new RequestLimiter(5, 0);
        assertThat(limiter.tryTake(30, 0)).isTrue();
        assertThat(limiter.tryTake(21, 0)).isFalse();
        assertThat(limiter.tryTake(20, 0)).isTrue(); // the refused 21 were not charged
        assertThat(limiter.tryTake(1, 0)).isFalse();
        assertThat(limiter.tryTake(5, SECOND)).isTrue();
        assertThat(limiter.tryTake(1, SECOND)).isFalse();
    }

    @Test
    void moreThanABurstCanBeSentAfterAPause() {
        RequestLimiter limiter = new RequestLimiter(5, 0);
        assertThat(limiter.tryTake(1_000, 0)).isTrue();
        assertThat(limiter.tryTake(1, 0)).isFalse();
    }
}
