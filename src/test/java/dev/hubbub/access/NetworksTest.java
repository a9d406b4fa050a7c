package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworksTest {
    @Test
    void aNetworkContainsItsAddresses() {
        Networks networks = Networks.parse("127.0.0.0/8, ::1, 2001:db8::/33");
        assertThat(networks.contains("127.3.2.1")).isTrue();
        assertThat(networks.contains("128.0.0.1")).isFalse();
        assertThat(networks.contains("0:0:0:0:0:0:0:1")).isTrue();
        assertThat(networks.contains("2001:db8:7fff::1")).isTrue();
        assertThat(networks.contains("2001:db8:8000::1")).isFalse();
        assertThat(networks.contains("localhost")).isFalse();
        assertThat(networks.contains(null)).isFalse();
        assertThat(networks.contains("0:0:0:0:0:0:0:1%lo")).isTrue();
        assertThat(networks.contains("::1%a b")).isFalse();
        assertThat(networks.contains("127.0.0.1%lo")).isFalse();
    }

    @Test
    void anIpv4AddressWrittenAsIpv6IsTheSameAddress() {
        assertThat(Networks.canonical("::ffff:192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(Networks.canonical("::FFFF:c000:201")).isEqualTo("192.0.2.1");
        assertThat(Networks.canonical("0:0:0:0:0:ffff:192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(Networks.canonical("2001:db8::1")).isEqualTo("2001:db8::1");
        assertThat(Networks.canonical("unknown")).isEqualTo("unknown");
        for (String network : new String[] {"10.0.0.0/8", "::ffff:10.0.0.0/104"}) {
            Networks networks = Networks.parse(network);
            assertThat(networks.contains("10.1.2.3")).as(network).isTrue();
            assertThat(networks.contains("::ffff:10.1.2.3")).as(network).isTrue();
            assertThat(networks.contains("11.1.2.3")).as(network).isFalse();
        }
    }

    @Test
    void addressesOfOneIpv6SiteShareALimit() {
        assertThat(Networks.limitKey("2001:db8::1")).isEqualTo(Networks.limitKey("2001:db8::ffff:2"));
        assertThat(Networks.limitKey("2001:db8::1")).isNotEqualTo(Networks.limitKey("2001:db8:0:1::1"));
        assertThat(Networks.limitKey("10.0.0.1")).isNotEqualTo(Networks.limitKey("10.0.0.2"));
    }
}
