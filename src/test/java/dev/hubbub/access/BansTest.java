package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BansTest {
    private static final Duration TIME = Duration.ofMinutes(1);

    private final Bans bans = new Bans();

    @Test
    void anAddressIsBannedHoweverItIsWritten() {
        bans.add(Bans.Kind.ADDRESS, "2001:DB8::1", TIME, "");
        assertThat(bans.find(Bans.Kind.ADDRESS, "2001:db8:0:0:0:0:0:1")).isNotNull();
        assertThat(bans.remove(Bans.Kind.ADDRESS, "2001:db8::1")).isTrue();
        bans.add(Bans.Kind.ADDRESS, "203.0.113.7", TIME, "");
        assertThat(bans.find(Bans.Kind.ADDRESS, "::ffff:203.0.113.7")).isNotNull();
        assertThat(bans.find(Bans.Kind.ADDRESS, "203.0.113.8")).isNull();
        assertThat(bans.find(Bans.Kind.USER, "203.0.113.7")).isNull();
    }

    @Test
    void anIpv6AddressIsBannedWithItsNetwork() {
        bans.add(Bans.Kind.ADDRESS, "2001:db8::1", TIME, "");
        assertThat(bans.find(Bans.Kind.ADDRESS, "2001:db8::abcd:1:2:3")).isNotNull();
        assertThat(bans.find(Bans.Kind.ADDRESS, "2001:db8:0:1::1")).isNull();
        assertThat(bans.all()).hasSize(1);
    }

    @Test
    void whatIsNoAddressCannotBeBanned() {
        for (String wrong : new String[] {"", "kim", "203.0.113.0/24", "203.0.113.999"}) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> bans.add(Bans.Kind.ADDRESS, wrong, TIME, ""));
        }
    }

    @Test
    void thereIsAMaximumOfBans() {
        for (int i = 0; i < Bans.MAX; i++) {
            bans.add(Bans.Kind.USER, "user" + i, TIME, "");
        }
        assertThatIllegalStateException().isThrownBy(() -> bans.add(Bans.Kind.USER, "one more", TIME, ""));
        assertThat(bans.add(Bans.Kind.USER, "user7", TIME, "again").reason()).isEqualTo("again");
    }
}
