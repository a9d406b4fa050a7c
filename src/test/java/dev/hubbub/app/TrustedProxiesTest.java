package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies = TrustedProxies.parse("127.0.0.1, 10.0.0.0/8 ::1,2001:db8::/33");

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, '203.0.113.7', 203.0.113.7",
        "127.0.0.1, '1.2.3.4, 203.0.113.7', 203.0.113.7",
        "127.0.0.1, '203.0.113.7, 10.255.0.1', 203.0.113.7",
        "127.0.0.1, '10.0.0.2, 10.0.0.3', 10.0.0.2",
        "::1, '2001:db9::7', 2001:db9::7",
        "2001:db8:7fff::1, '[2001:db9::7]:443', 2001:db9::7",
        "127.0.0.1, '203.0.113.7:5050', 203.0.113.7",
        "11.0.0.1, '203.0.113.7', 11.0.0.1",
        "2001:db8:8000::1, '203.0.113.7', 2001:db8:8000::1",
        "127.0.0.1, 'evil.example', 127.0.0.1",
        "127.0.0.1, '203.0.113.7, unknown', 127.0.0.1",
        "127.0.0.1, '', 127.0.0.1",
    })
    void xForwardedForIsReadFromItsEndWhileAddressesAreTrusted(String socket, String header, String client) {
        assertThat(proxies.clientAddress(socket, headers(Map.of("X-Forwarded-For", List.of(header)))))
                .isEqualTo(client);
    }

    @Test
    void forwardedIsReadAsInRfc7239() {
        assertThat(proxies.clientAddress(
                        "127.0.0.1",
                        headers(Map.of(
                                "Forwarded",
                                List.of("for=192.0.2.60;proto=http;by=203.0.113.43, For=\"[2001:db8::17]:4711\""),
                                "X-Forwarded-For",
                                List.of("9.9.9.9")))))
                .isEqualTo("192.0.2.60");
    }

    private static Function<String, List<String>> headers(Map<String, List<String>> all) {
        return name -> all.getOrDefault(name, List.of());
    }

    @Test
    void noProxyIsTrustedByDefault() {
        assertThat(TrustedProxies.parse("")
                        .clientAddress("127.0.0.1", headers(Map.of("X-Forwarded-For", List.of("1.2.3.4")))))
                .isEqualTo("127.0.0.1");
        assertThat(proxies.clientAddress(null, headers(Map.of()))).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::1/129", "1.2.3", "300.1.1.1"})
    void anInvalidNetworkIsRejected(String list) {
        assertThatThrownBy(() -> TrustedProxies.parse(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHostComesFromATrustedProxyAndOtherwiseFromTheRequest() {
        Map<String, String> headers = Map.of("Host", "inside:8080", "X-Forwarded-Host", "app.example");
        TrustedProxies proxies = TrustedProxies.parse("127.0.0.1");
        assertThat(proxies.host("127.0.0.1", headers::get)).isEqualTo("app.example");
        assertThat(proxies.host("203.0.113.9", headers::get)).isEqualTo("inside:8080");
        assertThat(proxies.host(null, headers::get)).isEqualTo("inside:8080");
        assertThat(proxies.host("127.0.0.1", Map.of("Host", "inside")::get)).isEqualTo("inside");
    }
}
