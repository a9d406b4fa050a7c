package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionLimiterTest {
    private static final String HERE = "203.0.113.1";
    private static final String THERE = "203.0.113.2";

    private final ConnectionLimiter census =
            new ConnectionLimiter(new Limits(3, 2, 1, 1, 2, 0, 0, 1, 1, 1, Networks.parse("127.0.0.0/8")));

    @Test
    void anAddressHasSoManyConnectionsAndTheServerSoMany() {
        assertThat(census.attempt(HERE)).isNull();
        census.enter(HERE);
        census.enter(HERE);
        assertThat(census.attempt(HERE)).isEqualTo(ConnectionLimiter.Full.ADDRESS);
        assertThat(census.attempt(THERE)).isNull();
        census.enter(THERE);
        assertThat(census.attempt(THERE)).isEqualTo(ConnectionLimiter.Full.SERVER);
        assertThat(census.attempt("127.0.0.1")).isEqualTo(ConnectionLimiter.Full.SERVER);
        census.leave(HERE);
        assertThat(census.attempt(HERE)).isNull();
        assertThat(census.connections()).isEqualTo(2);
        assertThat(census.refused().server().sum()).isEqualTo(2);
        assertThat(census.refused().address().sum()).isEqualTo(1);
    }

    @Test
    void thisMachineHasNoLimitButThatOfTheServer() {
        census.enter("127.0.0.1");
        census.enter("127.0.0.1");
        assertThat(census.attempt("127.0.0.1")).isNull();
        census.identify("kim");
        assertThat(census.attemptAs("kim", "127.0.0.1")).isNull();
        assertThat(census.attemptAs("kim", HERE)).isEqualTo(ConnectionLimiter.Full.USER);
        census.forget("kim");
        assertThat(census.attemptAs("kim", HERE)).isNull();
        assertThat(census.attemptAs(null, HERE)).isNull();
    }

    @Test
    void notEverybodyComesAtOnce() {
        for (int i = 0; i < 20; i++) {
            assertThat(census.attempt("203.0.113." + i)).isNull();
        }
        assertThat(census.attempt("203.0.113.99")).isEqualTo(ConnectionLimiter.Full.ADMISSIONS);
        assertThat(census.attempt("127.0.0.1")).isEqualTo(ConnectionLimiter.Full.ADMISSIONS);
    }

    @Test
    void whoTriesTooOftenIsRefusedAndNobodyElse() {
        for (int i = 0; i < 10; i++) {
            assertThat(census.attempt(HERE)).isNull();
        }
        assertThat(census.attempt(HERE)).isEqualTo(ConnectionLimiter.Full.HANDSHAKES);
        assertThat(census.attempt(THERE)).isNull();
    }
}
