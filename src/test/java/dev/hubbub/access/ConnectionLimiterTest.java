package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionLimiterTest {
    private static final String ADDRESS = "203.0.113.1";
    private static final String OTHER_ADDRESS = "203.0.113.2";

    private final ConnectionLimiter limiter =
            new ConnectionLimiter(new Limits(3, 2, 1, 1, 2, 0, 0, 1, 1, 1, Networks.parse("127.0.0.0/8")));

    @Test
    void connectionsAreLimitedPerAddressAndInTotal() {
        assertThat(limiter.attempt(ADDRESS, false)).isNull();
        limiter.connected(null, ADDRESS, false);
        limiter.connected(null, ADDRESS, false);
        assertThat(limiter.attempt(ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
        assertThat(limiter.attempt(OTHER_ADDRESS, false)).isNull();
        limiter.connected(null, OTHER_ADDRESS, false);
        assertThat(limiter.attempt(OTHER_ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.SERVER);
        assertThat(limiter.attempt("127.0.0.1", false)).isEqualTo(ConnectionLimiter.Rejection.SERVER);
        limiter.disconnected(ADDRESS);
        assertThat(limiter.attempt(ADDRESS, false)).isNull();
        assertThat(limiter.connections()).isEqualTo(2);
        assertThat(limiter.rejections().server().sum()).isEqualTo(2);
        assertThat(limiter.rejections().address().sum()).isEqualTo(1);
    }

    @Test
    void aConnectionThatExceedsALimitIsToldWhenItIsCounted() {
        assertThat(limiter.connected("kim", ADDRESS, false)).isNull();
        assertThat(limiter.connected("kim", ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.USER);
        assertThat(limiter.connected("lee", ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
        assertThat(limiter.connected(null, OTHER_ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.SERVER);
        limiter.disconnected(ADDRESS);
        limiter.disconnected(OTHER_ADDRESS);
        assertThat(limiter.connected("kim", "127.0.0.1", false)).isNull();
    }

    @Test
    void anIpv4AddressWrittenAsIpv6IsTheSameAddress() {
        limiter.connected(null, ADDRESS, false);
        limiter.connected(null, "::ffff:" + ADDRESS, false);
        assertThat(limiter.attempt(ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
        assertThat(limiter.attempt("::ffff:" + ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
    }

    @Test
    void anAddressCanHaveOnlySomeSessionsThatAreNotUsed() {
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.unconfirmed(i % 2 == 0 ? ADDRESS : "::ffff:" + ADDRESS, false))
                    .isTrue();
        }
        assertThat(limiter.unconfirmed(ADDRESS, false)).isFalse();
        assertThat(limiter.unconfirmed(OTHER_ADDRESS, false)).isTrue();
        assertThat(limiter.connections()).isZero();
        limiter.confirmed("::ffff:" + ADDRESS);
        assertThat(limiter.unconfirmed(ADDRESS, false)).isTrue();
        assertThat(limiter.unconfirmed(ADDRESS, false)).isFalse();
    }

    @Test
    void anUnlimitedAddressIsSubjectToTheTotalLimitOnly() {
        limiter.connected(null, "127.0.0.1", false);
        limiter.connected(null, "127.0.0.1", false);
        assertThat(limiter.attempt("127.0.0.1", false)).isNull();
        limiter.userConnected("kim");
        assertThat(limiter.checkUser("kim", "127.0.0.1", false)).isNull();
        assertThat(limiter.checkUser("kim", ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.USER);
        limiter.userDisconnected("kim");
        assertThat(limiter.checkUser("kim", ADDRESS, false)).isNull();
        assertThat(limiter.checkUser(null, ADDRESS, false)).isNull();
    }

    @Test
    void anAddressThatAProxyHasToldIsNotExempt() {
        limiter.connected(null, "127.0.0.1", false);
        limiter.connected(null, "127.0.0.1", false);
        assertThat(limiter.attempt("127.0.0.1", true)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
        limiter.userConnected("kim");
        assertThat(limiter.checkUser("kim", "127.0.0.1", true)).isEqualTo(ConnectionLimiter.Rejection.USER);
        Limits limits = new Limits(3, 2, 1, 1, 2, 10, 10, 1, 1, 1, Networks.parse("127.0.0.0/8"));
        assertThat(limits.rateLimiter("127.0.0.1", true).perSecond()).isPositive();
        assertThat(limits.rateLimiter("127.0.0.1", false).perSecond()).isZero();
    }

    @Test
    void admissionsPerSecondAreLimitedForAllAddressesTogether() {
        for (int i = 0; i < 20; i++) {
            assertThat(limiter.attempt("203.0.113." + i, false)).isNull();
        }
        assertThat(limiter.attempt("203.0.113.99", false)).isEqualTo(ConnectionLimiter.Rejection.ADMISSIONS);
        assertThat(limiter.attempt("127.0.0.1", false)).isEqualTo(ConnectionLimiter.Rejection.ADMISSIONS);
    }

    @Test
    void anAddressThatExceedsItsHandshakesIsRejectedAndOthersAreNot() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.attempt(ADDRESS, false)).isNull();
        }
        assertThat(limiter.attempt(ADDRESS, false)).isEqualTo(ConnectionLimiter.Rejection.HANDSHAKES);
        assertThat(limiter.attempt(OTHER_ADDRESS, false)).isNull();
    }
}
