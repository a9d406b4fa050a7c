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
        assertThat(limiter.attempt(ADDRESS)).isNull();
        limiter.connected(ADDRESS);
        limiter.connected(ADDRESS);
        assertThat(limiter.attempt(ADDRESS)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
        assertThat(limiter.attempt(OTHER_ADDRESS)).isNull();
        limiter.connected(OTHER_ADDRESS);
        assertThat(limiter.attempt(OTHER_ADDRESS)).isEqualTo(ConnectionLimiter.Rejection.SERVER);
        assertThat(limiter.attempt("127.0.0.1")).isEqualTo(ConnectionLimiter.Rejection.SERVER);
        limiter.disconnected(ADDRESS);
        assertThat(limiter.attempt(ADDRESS)).isNull();
        assertThat(limiter.connections()).isEqualTo(2);
        assertThat(limiter.rejections().server().sum()).isEqualTo(2);
        assertThat(limiter.rejections().address().sum()).isEqualTo(1);
    }

    @Test
    void anIpv4AddressWrittenAsIpv6IsTheSameAddress() {
        limiter.connected(ADDRESS);
        limiter.connected("::ffff:" + ADDRESS);
        assertThat(limiter.attempt(ADDRESS)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
        assertThat(limiter.attempt("::ffff:" + ADDRESS)).isEqualTo(ConnectionLimiter.Rejection.ADDRESS);
    }

    @Test
    void anUnlimitedAddressIsSubjectToTheTotalLimitOnly() {
        limiter.connected("127.0.0.1");
        limiter.connected("127.0.0.1");
        assertThat(limiter.attempt("127.0.0.1")).isNull();
        limiter.userConnected("kim");
        assertThat(limiter.checkUser("kim", "127.0.0.1")).isNull();
        assertThat(limiter.checkUser("kim", ADDRESS)).isEqualTo(ConnectionLimiter.Rejection.USER);
        limiter.userDisconnected("kim");
        assertThat(limiter.checkUser("kim", ADDRESS)).isNull();
        assertThat(limiter.checkUser(null, ADDRESS)).isNull();
    }

    @Test
    void admissionsPerSecondAreLimitedForAllAddressesTogether() {
        for (int i = 0; i < 20; i++) {
            assertThat(limiter.attempt("203.0.113." + i)).isNull();
        }
        assertThat(limiter.attempt("203.0.113.99")).isEqualTo(ConnectionLimiter.Rejection.ADMISSIONS);
        assertThat(limiter.attempt("127.0.0.1")).isEqualTo(ConnectionLimiter.Rejection.ADMISSIONS);
    }

    @Test
    void anAddressThatExceedsItsHandshakesIsRejectedAndOthersAreNot() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.attempt(ADDRESS)).isNull();
        }
        assertThat(limiter.attempt(ADDRESS)).isEqualTo(ConnectionLimiter.Rejection.HANDSHAKES);
        assertThat(limiter.attempt(OTHER_ADDRESS)).isNull();
    }
}
