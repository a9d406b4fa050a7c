package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworksTest {
    @Test
    void knowsWhatIsInANetwork() {
        Networks networks = Networks.parse("127.0.0.0/8, ::1, 2001:db8::/33");
        assertThat(networks.has("127.3.2.1")).isTrue();
        assertThat(networks.has("128.0.0.1")).isFalse();
        assertThat(networks.has("0:0:0:0:0:0:0:1")).isTrue();
        assertThat(networks.has("2001:db8:7fff::1")).isTrue();
        assertThat(networks.has("2001:db8:8000::1")).isFalse();
        assertThat(networks.has("localhost")).isFalse();
        assertThat(networks.has(null)).isFalse();
    }

    @Test
    void anIpv6SiteIsOnePlace() {
        assertThat(Networks.place("2001:db8::1")).isEqualTo(Networks.place("2001:db8::ffff:2"));
        assertThat(Networks.place("2001:db8::1")).isNotEqualTo(Networks.place("2001:db8:0:1::1"));
        assertThat(Networks.place("10.0.0.1")).isNotEqualTo(Networks.place("10.0.0.2"));
    }
}
